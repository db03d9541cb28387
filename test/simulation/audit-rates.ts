/**
 * How often an audit finds a planted fault, and how often it speaks up where none is planted, over seeds of both
 * phantoms: `node --import tsx test/simulation/audit-rates.ts SEEDS`. Some minutes a seed.
 */
import { describeAnswers, plantedFaults, setsOf } from '../fixtures/audit-rates'

const [seeds = 5] = process.argv.slice(2).map(Number)
const strengths = {
  duplicatedPatients: [0.1, 0.25, 0.5], cornerMark: [0.25, 0.5, 1], site: [0.25, 0.5, 1],
  // At a half, labels of two classes are random, at 1 both classes are exchanged: nothing can find that.
  wrongLabels: [0.05, 0.1, 0.25],
}

for (const name of ['phantom', 'phantom-xray'] as const) {
  const silent = new Map<string, number>()
  for (let seed = 1; seed <= seeds; seed++)
    for (const { question, verdict } of await describeAnswers(await setsOf(name, seed), seed))
      silent.set(question, (silent.get(question) ?? 0) + (verdict === 'fault' ? 1 : 0))
  for (const [question, count] of silent) print(name, `no fault planted: ${question}`, count)
  for (const [fault, questions] of Object.entries(plantedFaults) as [keyof typeof plantedFaults, string[]][])
    for (const strength of strengths[fault]) {
      let found = 0
      for (let seed = 1; seed <= seeds; seed++) {
        const answers = await describeAnswers(await setsOf(name, seed, { [fault]: strength }), seed, questions)
        if (answers.some(({ verdict }) => verdict === 'fault')) found++
      }
      print(name, `${fault} ${strength}, by ${questions.join(' or ')}`, found)
    }
}

function print(name: string, what: string, count: number): void {
  console.log(`${name.padEnd(13)} ${what.padEnd(60)} ${count} of ${seeds}`)
}
