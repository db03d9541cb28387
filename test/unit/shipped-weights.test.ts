/** The weights that are committed: what their cards must say, and which a network takes that nobody chose any for. */
import { statSync } from 'node:fs'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { Width } from '../../src/lib/model/architecture'
import { pretrainingCommand } from '../../src/lib/experiments/pretraining'
import { inProject } from '../../src/lib/system/project-root'
import { resnet50 } from '../../src/lib/weights/resnet50'
import { listProjectWeights, readProjectWeights, type ProjectWeights } from '../../src/lib/weights/project-weights'
import { isOnDisk } from '../../src/lib/weights/published'

vi.mock('../../src/lib/weights/published', { spy: true })

const path = (name: string) => inProject('data', 'weights', `${name}.tensors`)

test('two are shipped, in less than 50 MB together', () => {
  expect(listProjectWeights()).toEqual(['resnet50-fractal', 'resnet50-fractal-half'])
  const bytes = listProjectWeights().reduce((sum, name) => sum + statSync(path(name)).size, 0)
  expect(bytes).toBeLessThan(50e6)
})

describe.each([['resnet50-fractal', 'full', 23_587_712], ['resnet50-fractal-half', 'half', 5_932_480]] as const)(
  '%s', (name, width: Width, parameters) => {
    let own: ProjectWeights
    beforeAll(async () => { own = await readProjectWeights(path(name)) })

    test('has finite numbers, as many as Keras counts without a head', () => {
      const { weights, card } = own
      expect(card).toMatchObject({ name, parameters })
      expect([...weights.values()].reduce((sum, { values }) => sum + values.length, 0)).toBe(parameters)
      for (const { values } of weights.values()) expect(values.every(Number.isFinite)).toBe(true)
    })

    test('has a card with data, recipe, time, machine and licence, and a high accuracy', () => {
      const { card } = own
      expect(card.recipe.data).toMatch(/fractals .*drawn by formula: no photograph, no patient/)
      expect(card).toMatchObject({ licence: 'Apache-2.0', machine: expect.stringContaining('threads') as string })
      // Within two hours of one machine.
      expect(card.seconds).toBeGreaterThan(0)
      expect(card.seconds).toBeLessThan(7200)
      expect(card.result.testAccuracy).toBeGreaterThan(0.99)
    })

    test('is what the command trains with no option but the width', () => {
      expect(own.card.recipe.command).toBe(pretrainingCommand({ width }))
    })
  })

describe('a network without chosen weights', () => {
  const classes = ['COVID', 'non-COVID']

  test('starts from the full-width fractal weights where ImageNet’s are not on this machine', async () => {
    vi.mocked(isOnDisk).mockReturnValue(false)
    const { start, architecture } = await resnet50({ classes })
    expect(start).toBe('resnet50-fractal')
    expect(architecture.name).toContain('full width')
  })

  test('of half width starts from the half-width fractal weights even where ImageNet’s are', async () => {
    vi.mocked(isOnDisk).mockReturnValue(true)
    expect((await resnet50({ classes, width: 'half' })).start).toBe('resnet50-fractal-half')
  })
})
