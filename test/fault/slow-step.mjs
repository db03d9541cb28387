// Does a step in the folder argv[2]: adds a line to `done`, having taken argv[3] milliseconds; its input is argv[4].
import { appendFileSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { perform } from '../../scripts/set-up/step.mjs'

const [folder, milliseconds, input] = process.argv.slice(2)
await perform({
  title: 'slow step',
  from: 'a word',
  stamp: `${folder}/stamp`,
  inputs: () => [input],
  async make() {
    writeFileSync(`${folder}/begun`, '')
    await pause(Number(milliseconds))
    appendFileSync(`${folder}/done`, `${input}\n`)
  },
})
