import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Figure } from '../../src/lib/display/figures/figure'
import { examples } from '../fixtures/figures'

/** The bytes of embedded images depend on the PNG encoder's version, so only their presence is compared. */
function normalized(svg: string): string {
  return svg.replace(/data:image\/png;base64,[^"]+/g, 'data:image/png;base64,…').replaceAll('><', '>\n<') + '\n'
}

describe.each(Object.entries(examples))('figure %s', (name, draw) => {
  let figure: Figure
  beforeAll(async () => {
    figure = await draw()
  })

  it('is the picture that a person has looked at', async () => {
    await expect(normalized(figure.svg)).toMatchFileSnapshot(`../golden/figures/${name}.svg`)
  })

  it('stands alone: namespace, size, title and description, no scripts, no fonts, no addresses', () => {
    const { alt, title } = figure
    const svg = normalized(figure.svg)
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="\d+" height="\d+" viewBox=/)
    expect(svg).toMatch(/<title>[^<]+<\/title>\n<desc>[^<]+<\/desc>/)
    expect(svg).not.toMatch(/<style|<script|@font-face|(href|src)="(?!data:image\/png)/)
    expect(svg).not.toMatch(/NaN|undefined|Infinity/)
    // A figure takes no color from the page around it: lines in a dark page's text color would vanish on white.
    expect(svg).not.toContain('currentColor')
    expect(alt).toContain(title)
  })

  it('becomes a picture', async () => {
    const { data, info } = await sharp(Buffer.from(figure.svg)).flatten({ background: 'white' }).greyscale()
      .raw().toBuffer({ resolveWithObject: true })
    expect(info.width).toBeGreaterThanOrEqual(360)
    const dark = data.reduce((count, value) => count + (value < 128 ? 1 : 0), 0)
    expect(dark / data.length).toBeGreaterThan(0.001)
  })
})
