/**
 * A student's view, in a real browser: progress moves while a cell trains, the interrupt button stops it, and the
 * kernel goes on with the weights that were learnt so far. The cells of a confusion matrix open with the keyboard.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inProject } from '../../src/lib/system/project-root'
import { closeNotebook, hasChromium, interrupt, menu, openNotebook, startChromium, startLab } from './lab'
import type { Lab } from './lab'

if (!hasChromium)
  console.warn('No Chromium: the browser test is skipped. Install one, or name it: CHROMIUM=/path/to/chromium')

describe.skipIf(!hasChromium)('JupyterLab in Chromium', { timeout: 480_000 }, () => {
  let lab: Lab, browser: Browser, home: string

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'home-'))
    lab = await startLab(inProject(), home)
    browser = await startChromium()
  }, 180_000)

  afterAll(async () => {
    await browser?.close()
    await lab?.stop()
    rmSync(home, { recursive: true, force: true })
  }, 60_000)

  test('training shows its progress; the interrupt button stops it; the weights are kept', async () => {
    const page = await openNotebook(browser, lab, 'test/fixtures/notebooks/trains.ipynb')
    await menu(page, 'Run', 'Run All Cells')
    const first = await progressBeyond(page, 0)
    expect(await progressBeyond(page, first)).toBeGreaterThan(first)
    await interrupt(page)
    // The last cell runs as well: the interrupted one ended as it should, and declared what it declares.
    await page.locator('.jp-OutputArea-output', { hasText: /cancelled, with \d+ arrays of weights/ })
      .waitFor({ timeout: 120_000 })
    expect(await progressBeyond(page, 0)).toBeLessThan(1)
    await closeNotebook(page, lab)
  })

  test('notebook 05: the first round of training moves, is interrupted, and the second begins', async () => {
    const page = await openNotebook(browser, lab, 'notebooks/05-fine-tune.ipynb')
    await menu(page, 'Run', 'Run All Cells')
    const first = await progressBeyond(page, 0)
    expect(await progressBeyond(page, first)).toBeGreaterThan(first)
    await interrupt(page)
    const rounds = page.locator('.jp-OutputArea-output [data-progress]')
    await rounds.filter({ hasText: 'interrupted after' }).waitFor({ timeout: 120_000 })
    // The kernel is alive: it trains on from the weights that the first round had.
    await rounds.filter({ hasText: 'Round 2' }).waitFor({ timeout: 120_000 })
    await closeNotebook(page, lab)
  })

  test('Tab and Enter open the images behind a cell, which cover no other cell', async () => {
    const page = await openNotebook(browser, lab, 'test/fixtures/notebooks/opens-images.ipynb')
    await menu(page, 'Run', 'Run All Cells')
    const gallery = page.locator('.jp-OutputArea-output section[data-gallery]')
    const cells = gallery.locator('summary'), opened = gallery.locator('details[open]')
    await cells.first().waitFor({ timeout: 120_000 })
    expect(await cells.count()).toBe(4)
    await cells.first().focus()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    const panel = opened.locator('> div')
    expect(await opened.locator('summary').textContent()).toMatch(/called non-COVID \(.*\): open the images$/)
    expect(await panel.locator('img').first().evaluate(image => 'naturalWidth' in image && image.naturalWidth)).toBe(64)
    const boxes = await Promise.all([gallery.locator('tr').nth(1), panel, gallery.locator('tr').nth(2)].map(one => one.boundingBox()))
    const [row, images, next] = boxes.map(box => box!)
    expect(Math.abs(images.x - row.x) + Math.abs(images.width - row.width)).toBeLessThan(3)
    expect(images.y + images.height).toBeLessThanOrEqual(next.y + 1)
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).not.toBe('none')
    // Of one row one cell is open at a time.
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Space')
    expect(await opened.locator('summary').allTextContents()).toEqual([expect.stringMatching(/called COVID/)])
    await closeNotebook(page, lab)
  })

  test('no news, no questions, nothing in the home folder but what the test put there', async () => {
    const page = await openNotebook(browser, lab, 'test/fixtures/notebooks/shows-things.ipynb')
    await menu(page, 'Run', 'Run All Cells')
    await page.locator('.jp-OutputArea-output svg linearGradient').waitFor({ state: 'attached', timeout: 120_000 })
    expect(await page.locator('.jp-Dialog, .Toastify__toast').count()).toBe(0)
    expect(readdirSync(home)).toEqual(['settings'])
    await closeNotebook(page, lab)
  })
})

/** Waits until the display of progress shows more than so much, and gives what it shows: from 0 to 1. */
async function progressBeyond(page: Page, share: number): Promise<number> {
  const display = page.locator('.jp-OutputArea-output [data-progress]').first()
  for (;;) {
    const shown = Number(await display.getAttribute('data-progress', { timeout: 90_000 }))
    if (shown > share) return shown
    await page.waitForTimeout(100)
  }
}
