/** The loop that every training run goes through, with tasks that only write down what happens. */
import { describe, expect, test } from 'vitest'
import { tensor, tensorCount, type Tensor } from '../../src/lib/engine/engine'
import { firstState, positionIn, runTraining, type TrainingState, type TrainingTask } from '../../src/lib/training/loop'

interface Figures { loss: number }

/** Two epochs of three steps. */
class Diary implements TrainingTask<Figures, { input: Tensor }> {
  readonly epochs = 2
  readonly entries: string[] = []
  state: TrainingState<Figures> = { ...firstState(), history: [] }
  isOutOfPatience = () => false
  lossOf = (_step: number) => 1;

  *batches() {
    for (let i = this.state.step; i < 3; i++) yield { input: tensor(Float32Array.of(i), [1]) }
  }

  step(): number {
    this.entries.push(`step ${this.state.steps + 1}`)
    return this.lossOf(this.state.steps + 1)
  }

  closeEpoch(): Figures {
    this.entries.push('close')
    return { loss: this.state.steps }
  }

  report(): void {
    const { epoch, step } = positionIn(this, 3)
    this.entries.push(`report ${epoch}.${step}`)
  }

  readonly saver = {
    save: async () => { this.entries.push('save') },
    saveIfPossible: () => this.saver.save(),
    saveWhenDue: async () => { if (this.state.steps === 2) await this.saver.save() },
  }
}

const firstEpoch = ['step 1', 'report 1.1', 'step 2', 'report 1.2', 'save', 'step 3', 'report 1.3', 'close', 'save',
  'report 1.3']
const secondEpoch = ['step 4', 'report 2.1', 'step 5', 'report 2.2', 'step 6', 'report 2.3', 'close', 'save',
  'report 2.3']

describe('the training loop', () => {
  test('steps, reports and saves, epoch by epoch', async () => {
    const diary = new Diary()
    expect(await runTraining(diary, { saver: diary.saver })).toBe('finished')
    expect(diary.entries).toEqual([...firstEpoch, ...secondEpoch])
    expect(diary.state).toMatchObject({ epoch: 2, step: 0, steps: 6, epochSeconds: 0 })
    expect(diary.state.history).toMatchObject([{ epoch: 1, loss: 3 }, { epoch: 2, loss: 6 }])
    const seconds = diary.state.history.reduce((sum, record) => sum + record.seconds, 0)
    expect(diary.state.seconds).toBe(seconds)
  })

  test('continues in the middle of an epoch', async () => {
    const diary = new Diary()
    Object.assign(diary.state, { step: 2, steps: 2 })
    await runTraining(diary, { saver: diary.saver })
    expect(diary.entries).toEqual([...firstEpoch.slice(5), ...secondEpoch])
  })

  test('has nothing to do for a run that is finished, or out of patience', async () => {
    const finished = new Diary(), early = new Diary()
    finished.state.epoch = 2
    early.isOutOfPatience = () => true
    expect([await runTraining(finished), await runTraining(early)]).toEqual(['finished', 'early'])
    expect([...finished.entries, ...early.entries]).toEqual([])
  })

  test('stops early between two epochs', async () => {
    const diary = new Diary()
    diary.isOutOfPatience = () => diary.state.epoch === 1
    expect(await runTraining(diary, { saver: diary.saver })).toBe('early')
    expect(diary.entries).toEqual(firstEpoch)
  })

  test('stops before the next step when it is cancelled, and saves', async () => {
    const diary = new Diary(), cancel = new AbortController(), before = tensorCount()
    diary.lossOf = step => {
      if (step === 4) cancel.abort()
      return 1
    }
    expect(await runTraining(diary, { saver: diary.saver, signal: cancel.signal })).toBe('cancelled')
    expect(diary.entries).toEqual([...firstEpoch, 'step 4', 'report 2.1', 'save'])
    expect(tensorCount()).toBe(before)
  })

  test.each([NaN, Infinity])('ends without saving where the loss is %d', async loss => {
    const diary = new Diary(), before = tensorCount()
    diary.lossOf = step => (step === 2 ? loss : 1)
    expect(await runTraining(diary, { saver: diary.saver })).toBe('diverged')
    expect(diary.entries).toEqual(['step 1', 'report 1.1', 'step 2'])
    expect(tensorCount()).toBe(before)
  })

  test('passes on a fault, also of a cancelled run, without saving and without a tensor left behind', async () => {
    const diary = new Diary(), cancel = new AbortController(), before = tensorCount()
    diary.lossOf = () => {
      cancel.abort()
      throw new Error('out of memory')
    }
    await expect(runTraining(diary, { saver: diary.saver, signal: cancel.signal })).rejects.toThrow('out of memory')
    expect(diary.entries).toEqual(['step 1'])
    expect(tensorCount()).toBe(before)
  })
})
