/** Damaged files of models give typed errors within a second, and never another model. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { evaluate } from '../../src/lib/inference/evaluate'
import type { Model } from '../../src/lib/model/model'
import { LabError } from '../../src/lib/system/errors'
import { saveModel } from '../../src/lib/training/saved/save-model'
import { exportModel, type ExportOptions } from '../../src/lib/weights/export/export'
import { openModel } from '../../src/lib/weights/saved/open-model'
import { mutated } from '../fixtures/mutate'
import { expectSameModel } from '../fixtures/same-model'
import { smallModel, smallSplit } from '../fixtures/small-model'
import { temporaryFolder } from '../fixtures/temporary'

const folder = temporaryFolder()
const twoClasses = smallSplit()

describe('five hundred mutations give typed errors, each within a second, and never another model', () => {
  const model = smallModel()
  const files: Record<string, { path: string; damaged: string[]; count: number }> = {
    saved: { path: 'mutant', damaged: ['model.safetensors'], count: 250 },
    keras: { path: 'mutant.h5', damaged: [''], count: 100 },
    tfjs: { path: 'mutant-tfjs', damaged: ['model.json', 'group1-shard1of1.bin'], count: 150 },
  }

  test.each(Object.entries(files))('%s', async (name, { path, damaged, count }) => {
    const evaluation = await evaluate(model, twoClasses.test)
    if (name === 'saved') await saveModel(model, folder(path), { split: twoClasses, evaluation })
    else await exportModel(model, folder(path), { format: name as ExportOptions['format'] })
    let refused = 0
    for (let i = 0; i < count; i++) {
      const at = folder('work', name, `${i}`, path)
      cpSync(folder(path), at, { recursive: true })
      const file = damaged[i % damaged.length] ? `${at}/${damaged[i % damaged.length]}` : at
      writeFileSync(file, mutated(readFileSync(file), name, i))
      // Processor time: other programs may keep the test waiting.
      const start = process.cpuUsage()
      const outcome = await openModel(at).catch((error: unknown) => error)
      const { user, system } = process.cpuUsage(start)
      expect((user + system) / 1e6, 'seconds').toBeLessThan(1)
      if (outcome instanceof Error) expect(outcome, String(outcome)).toBeInstanceOf(LabError)
      // A mutation may hit what does not count, such as spaces after the header.
      else expectSameModel(outcome as Model, model)
      if (outcome instanceof LabError) refused++
    }
    expect(refused).toBeGreaterThan(count / 2)
  })
})
