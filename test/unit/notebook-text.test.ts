/** What can be said of notebooks without running them. */
import { readdirSync, readFileSync } from 'node:fs'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { readingMinutes, statedMinutes } from '../notebooks/reading-time'
import { allExercises } from '../../src/lib/notebook/exercises/all'
import { inProject } from '../../src/lib/system/project-root'

interface Cell {
  cell_type: string
  id: string
  source: string[]
  outputs?: unknown[]
  execution_count?: number | null
}

const names = readdirSync(inProject('notebooks')).filter(name => name.endsWith('.ipynb')).sort()
const glossary = readFileSync(inProject('notebooks', 'glossary.md'), 'utf8')
const headings = [...glossary.matchAll(/^## (.+)$/gm)].map(([, term]) => term)
const anchors = new Set(headings.map(term => term.toLowerCase().replace(/[^\w -]/g, '').replaceAll(' ', '-')))

/** The first text of each call of a function, as `settleGuess('…', …)`. */
function firstArguments(code: string, called: string): string[] {
  return [...code.matchAll(new RegExp(`\\b${called}\\('([^']+)'`, 'g'))].map(([, words]) => words)
}

describe.each(names)('%s', name => {
  const { cells, metadata } = JSON.parse(readFileSync(inProject('notebooks', name), 'utf8')) as {
    cells: Cell[]
    metadata: { kernelspec: { name: string } }
  }
  const code = cells.filter(cell => cell.cell_type === 'code')
  const text = (some: readonly Cell[]) => some.map(cell => cell.source.join('')).join('\n')

  test('is kept without outputs, for the tslab kernel, under lasting cell names', () => {
    expect(metadata.kernelspec.name).toBe('tslab')
    expect(code.filter(cell => cell.outputs?.length || cell.execution_count)).toEqual([])
    expect(new Set(cells.map(cell => cell.id)).size).toBe(cells.length)
  })

  test('begins with what it answers, how long it takes and what it needs', () => {
    expect(cells[0].cell_type).toBe('markdown')
    for (const word of ['?', 'minute', 'Needs']) expect(cells[0].source.join('')).toContain(word)
    expect(text(code)).toContain('await describeLab()')
  })

  test('settles each prediction that it asks for', () => {
    expect(firstArguments(text(code), 'settleGuess').sort()).toEqual(firstArguments(text(code), 'writeGuess').sort())
  })

  test('has exercises that are known', () => {
    const checks = firstArguments(text(code), 'checkAnswer')
    expect(checks.length).toBeGreaterThanOrEqual(3)
    expect(checks.filter(exercise => !(exercise in allExercises))).toEqual([])
  })

  test('links to terms that the glossary has', () => {
    const linked = [...text(cells).matchAll(/glossary\.md#([\w-]+)/g)].map(([, anchor]) => anchor)
    expect(linked.filter(anchor => !anchors.has(anchor))).toEqual([])
  })

  test('has cells of at most eight lines, and no line over 110 characters', () => {
    expect(code.filter(cell => cell.source.length > 8).map(cell => cell.id)).toEqual([])
    const wide = code.flatMap(cell => cell.source.filter(line => line.replace('\n', '').length > 110))
    expect(wide).toEqual([])
  })

  test('has no function bodies and no loops in its cells', () => {
    const written = code.filter(cell => /\bfunction\b|=>\s*\{(?!\s*\})[^}]*\breturn\b|\bfor \(|\bwhile \(/.test(cell.source.join('')))
    expect(written.map(cell => cell.id)).toEqual([])
  })

  test('names the minutes that its words and lines take to read', () => {
    const stated = statedMinutes(cells[0].source.join(''))
    expect(Math.abs(stated - readingMinutes(cells)), `${stated} minutes`).toBeLessThanOrEqual(1.5)
  })

  test('imports nothing that the cell does not use', () => {
    for (const cell of code) {
      const [, imported = '', rest = ''] = /^import \{([^}]*)\} from '..\/src\/lib'\n([^]*)$/.exec(cell.source.join('')) ?? []
      const unused = imported.split(',').map(name => name.trim().replace('type ', ''))
        .filter(name => name && !new RegExp(`\\b${name}\\b`).test(rest))
      expect(unused.filter(name => !/^(settleGuess|show|writeGuess)$/.test(name)), `in ${cell.id}`).toEqual([])
    }
  })

  // tslab finds no variable of an earlier cell behind `{ rate }`: it must be `{ rate: rate }`.
  test('spells out properties that name another cell’s variable', () => {
    const earlier = new Set<string>()
    for (const cell of code) {
      const { declared, shorthands } = namesIn(cell.source.join(''))
      expect(shorthands.filter(name => earlier.has(name) && !declared.has(name)), `in ${cell.id}`).toEqual([])
      for (const name of declared) earlier.add(name)
    }
  })
})

/** Names that a cell declares anywhere, and those that stand alone as a property. */
function namesIn(cell: string): { declared: Set<string>; shorthands: string[] } {
  const declared = new Set<string>(), shorthands: string[] = []
  const visit = (node: ts.Node) => {
    if (ts.isShorthandPropertyAssignment(node)) shorthands.push(node.name.text)
    const declares = ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node)
    if (declares && ts.isIdentifier(node.name)) declared.add(node.name.text)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('cell.ts', cell, ts.ScriptTarget.ES2022))
  return { declared, shorthands }
}

test('each call is named in a sentence before the first cell that makes it', () => {
  const named = new Set<string>(), unnamed: string[] = []
  for (const name of names) {
    const { cells } = JSON.parse(readFileSync(inProject('notebooks', name), 'utf8')) as { cells: Cell[] }
    const imported = new Set<string>()
    for (const { cell_type, source, id } of cells) {
      const text = source.join('')
      if (cell_type === 'markdown') {
        for (const [, word] of text.matchAll(/`([\w.]+)`/g)) named.add(word)
        continue
      }
      for (const [, list] of text.matchAll(/import \{([^}]*)\} from/g)) list.split(',').forEach(one => imported.add(one.trim()))
      for (const [, called, top] of text.matchAll(/(?<![\w.])((\w+)(?:\.\w+)?)\(/g))
        if (imported.has(top) && !named.has(called)) unnamed.push(`${name} ${id}: ${called}`)
    }
  }
  expect(unnamed).toEqual([])
})

test('the glossary is in alphabetical order, each term once', () => {
  const lower = headings.map(term => term.toLowerCase())
  expect(lower).toEqual([...new Set(lower)].sort())
})
