/** The README is short, and what it quotes has been recorded. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { inProject } from '../../src/lib/system/project-root'
import { recordedAccuracies, strategyLine, strategyLines } from '../fixtures/strategy-lines'

const readme = readFileSync(inProject('README.md'), 'utf8')
const spaced = readme.replace(/\s+/g, ' ')

describe('the README', () => {
  test('has fewer than 900 words', () => expect(readme.split(/\s+/).filter(Boolean).length).toBeLessThan(900))

  test('has one table of results, of at most eight lines, each as it was recorded', async () => {
    const quoted = readme.split('\n').filter(line => / % \(/.test(line))
    const recorded = await Promise.all(strategyLines.map(([label, like]) => strategyLine(label, like)))
    expect(quoted.length).toBeGreaterThan(0)
    expect(quoted.length).toBeLessThanOrEqual(8)
    expect(quoted.filter(line => !recorded.includes(line))).toEqual([])
  })

  test('says in a sentence what a random split is worth', async () => {
    const accuracies = async (label: string) => recordedAccuracies(strategyLines.find(([name]) => name === label)![1])
    const twoDigits = (value: number) => value.toFixed(2).slice(1)
    const network = await accuracies('fine-tuned: all layers'), neighbor = await accuracies('one nearest neighbor on raw pixels')
    const [random, blocks, neighborRandom, neighborBlocks] =
      [network.random, network.blocks, neighbor.random, neighbor.blocks].map(({ accuracy }) => twoDigits(accuracy))
    expect(spaced).toContain(`A random split gives the fine-tuned network ${random}, a split by number blocks ${blocks}, `
      + `and one nearest neighbor, which trains nothing, ${neighborRandom} and ${neighborBlocks}`)
  })

  test('names every command', () => {
    const { scripts } = JSON.parse(readFileSync(inProject('package.json'), 'utf8')) as { scripts: Record<string, string> }
    const commands = Object.keys(scripts).map(name => (name === 'start' || name === 'test' ? `npm ${name}` : `npm run ${name}`))
    expect(commands.filter(command => !new RegExp(`^${command} +#`, 'm').test(readme))).toEqual([])
  })
})
