import { describe, expect, test } from 'vitest'
import { compare } from '../../scripts/pretrain/compare'
import { fractals } from '../../scripts/pretrain/fractals'

describe('npm run pretrain', () => {
  test.each([
    ['a width of another name', fractals, ['--width', 'double'], '--width double'],
    ['a word for a number', fractals, ['--steps', 'many'], '--steps many'],
    ['an option that it does not have', fractals, ['--rate', '1'], '--rate'],
    ['a task that is not in the comparison', compare, ['--only', '0,9'], '--only 0,9'],
    ['a fraction for a seed', compare, ['--seed', '0.5'], '--seed 0.5'],
  ])('refuses %s, and says how it is used', async (_, command, words, received) => {
    await expect(command(words, AbortSignal.abort())).rejects.toMatchObject({
      code: 'bad-argument', received: expect.stringContaining(received) as string,
      expected: expect.stringContaining(`npm run pretrain -- ${command.name}`) as string,
    })
  })

  test('refuses fractals of a difficulty that there is not', async () => {
    await expect(fractals(['--difficulty', 'hard'], AbortSignal.abort())).rejects.toMatchObject({ code: 'bad-argument' })
  })
})
