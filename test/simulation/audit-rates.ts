/**
 * How often an audit finds a planted fault, and how often it speaks up where none is planted, over seeds of both
 * phantoms: `node --import tsx test/simulation/audit-rates.ts SEEDS PHANTOM`. Some minutes; docs/audit.md quotes it.
 */
import type { Question } from '../../src/lib/audit/finding'
import {
  askedOfPlanted, plantedFaults, setsOf, undisturbed, verdictsOf, type Fault,
} from '../fixtures/audit-rates'

const [seeds = '6', only] = process.argv.slice(2)
/** The strongest first; only there the questions are asked, too, that the fault must not disturb. */
const strengths: Record<Fault, readonly number[]> = {
  duplicatedPatients: [0.5, 0.25, 0.1], cornerMark: [1, 0.5, 0.25], site: [1, 0.5, 0.25],
  // At a half, labels of two classes are random, at 1 both classes are exchanged: nothing can find that.
  wrongLabels: [0.25, 0.1, 0.05],
}

async function count(
  name: 'phantom' | 'phantom-xray', faults: Partial<Record<Fault, number>>, questions: readonly Question[],
): Promise<void> {
  const counts = new Map<Question, number>()
  for (let seed = 1; seed <= Number(seeds); seed++)
    for (const [question, verdict] of await verdictsOf(await setsOf(name, seed, faults), seed, questions))
      counts.set(question, (counts.get(question) ?? 0) + (verdict === 'fault' ? 1 : 0))
  const planted = Object.entries(faults).map(([fault, strength]) => `${fault} ${strength}`).join() || 'no fault planted'
  const said = askedOfPlanted.map(question => `${question} ${counts.get(question) ?? '–'}`).join(', ')
  console.log(`${name.padEnd(13)} ${planted.padEnd(24)} of ${seeds}: ${said}`)
}

async function countAll(): Promise<void> {
  for (const name of ['phantom', 'phantom-xray'] as const) {
    if (only !== undefined && only !== name) continue
    await count(name, {}, askedOfPlanted)
    for (const fault of Object.keys(plantedFaults) as Fault[])
      for (const [n, strength] of strengths[fault].entries())
        await count(name, { [fault]: strength }, [...plantedFaults[fault], ...(n === 0 ? undisturbed[fault] : [])])
  }
}

void countAll()
