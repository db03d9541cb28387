/** Event files beside those that TensorBoard's own package writes: tensorboard_events.py. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { crc32c, encodeEvents, type ScalarEvent } from '../../src/lib/experiments/tensorboard-events'
import { inProject } from '../../src/lib/system/project-root'

const cases = JSON.parse(readFileSync(inProject('test', 'golden', 'tensorboard_events.json'), 'utf8')) as
  { events: ScalarEvent[]; file: string }[]

test.each(cases)('events are written as TensorBoard writes them, byte for byte', ({ events, file }) => {
  expect(Buffer.from(encodeEvents(events)).toString('base64')).toBe(file)
})

test.each([
  // RFC 3720, B.4.
  ['32 zeros', new Uint8Array(32), 0x8a9136aa],
  ['32 times 255', new Uint8Array(32).fill(255), 0x62a8ab43],
  ['0 to 31', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ['31 to 0', Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
])('the checksum of %s is the published one', (_, bytes, checksum) => expect(crc32c(bytes)).toBe(checksum))
