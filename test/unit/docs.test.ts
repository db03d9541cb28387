/** README, docs and changelog name only what exists, and docs/results.md quotes what has been recorded. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readReferenceRows } from '../../src/lib/experiments/plans/reference-notebook/recorded'
import { inProject } from '../../src/lib/system/project-root'

const inDocs = readdirSync(inProject('docs')).map(name => `docs/${name}`)
const pages = ['README.md', 'SECURITY.md', ...inDocs].filter(name => name.endsWith('.md'))
const texts = new Map(pages.map(page => [page, readFileSync(inProject(page), 'utf8')]))
const { scripts } = JSON.parse(readFileSync(inProject('package.json'), 'utf8')) as { scripts: Record<string, string> }

/** Folders of the repository. Other files, such as results/index.html, exist only after a command has run. */
const ours = /^(src|scripts|bench|native|test|docs|notebooks|results\/tables|data\/(manifests|weights))\//

describe.each(pages)('%s', page => {
  const text = texts.get(page)!

  test('links only to what exists', () => {
    const links = [...text.matchAll(/\]\(([^)#]+)\)/g)].map(([, link]) => link).filter(link => !/^https?:/.test(link))
    expect(links.filter(link => !existsSync(inProject(dirname(page), link)))).toEqual([])
  })

  test('names only paths that exist', () => {
    const named = [...text.matchAll(/`([^`\s]+)`/g)].map(([, name]) => name).filter(name => ours.test(name))
    expect(named.filter(name => !/[A-Z]{4}/.test(name) && !existsSync(inProject(name)))).toEqual([])
  })

  test('names only commands that exist', () => {
    const commands = [...text.matchAll(/npm run ([a-z-]+)/g)].map(([, name]) => name)
    expect(commands.filter(name => !Object.keys(scripts).includes(name))).toEqual([])
  })

  test('names only notebooks that exist', () => {
    const notebooks = [...text.matchAll(/`(\d\d[a-z]?-[a-z-]+)`/g)].map(([, name]) => name)
    expect(notebooks.filter(name => !existsSync(inProject('notebooks', `${name}.ipynb`)))).toEqual([])
  })
})

test('how-it-works lists every folder of src/lib, in the order in which data walks', () => {
  const folders = readdirSync(inProject('src', 'lib'), { withFileTypes: true }).filter(entry => entry.isDirectory())
    .map(({ name }) => name)
  const listed = [...texts.get('docs/how-it-works.md')!.matchAll(/^\| `src\/lib\/([a-z]+)\/` \|/gm)].map(([, name]) => name)
  const layout = readFileSync(join(__dirname, 'layout.test.ts'), 'utf8')
  const order = [...layout.slice(layout.indexOf('const folders = ['), layout.indexOf('\n]')).matchAll(/'([a-z]+)'/g)]
  expect([...listed].sort()).toEqual(folders.sort())
  expect(listed).toEqual(order.map(([, name]) => name))
})

describe('docs/results.md', async () => {
  const page = texts.get('docs/results.md')!
  const rows = await readReferenceRows()
  const quoted = page.split('\n').filter(line => /^\| .* \| (full|half) \|/.test(line))

  test('quotes every recorded row of the reference protocol, and no other', () => {
    const number = (value: number | null) => (value === null ? '–' : value.toFixed(4).replace(/^0/, ''))
    expect(quoted).toEqual(rows.map(({ start, width, accuracy, loss, auc, minutes }) =>
      `| ${start} | ${width} | ${number(accuracy)} | ${number(loss)} | ${number(auc)} | ${Math.round(minutes)} |`))
  })

  test('quotes the nearest neighbor of the same split', () => {
    const neighbors = new Set(rows.map(row => row.nearestNeighbour).filter(value => value !== null))
    expect([...neighbors].map(value => value!.toFixed(4).slice(1)).every(figure => page.includes(figure))).toBe(true)
    expect(neighbors.size).toBe(1)
  })
})
