/**
 * TensorBoard's event files: TFRecord frames, each around an Event message of TensorFlow's protocol buffers. This
 * writer knows scalars only, which is enough for curves.
 */
import { bytesField, doubleField, floatField, integerField, textField } from '../system/protobuf'

/** Scalars of one step. */
export interface ScalarEvent {
  /** Seconds since 1970. */
  wallTime: number
  step: number
  /** By tag, such as 'loss/training'. */
  values: Readonly<Record<string, number>>
}

/** An event file's bytes. Its name must hold 'tfevents' for TensorBoard to find it. */
export function encodeEvents(events: readonly ScalarEvent[]): Uint8Array {
  const version = Buffer.concat([doubleField(1, events[0]?.wallTime ?? 0), textField(3, 'brain.Event:2')])
  return Buffer.concat([version, ...events.map(scalarEvent)].map(record))
}

/** Event: wall_time = 1, step = 2, summary = 5. Summary: value = 1. Summary.Value: tag = 1, simple_value = 2. */
function scalarEvent({ wallTime, step, values }: ScalarEvent): Buffer {
  const summary = Object.entries(values).map(([tag, value]) =>
    bytesField(1, Buffer.concat([textField(1, tag), floatField(2, value)])))
  return Buffer.concat([doubleField(1, wallTime), integerField(2, step), bytesField(5, Buffer.concat(summary))])
}

/** TFRecord: length (8 bytes), its checksum, the data, its checksum; all little-endian. */
function record(data: Buffer): Buffer {
  const head = Buffer.alloc(12), tail = Buffer.alloc(4)
  head.writeBigUInt64LE(BigInt(data.length))
  head.writeUInt32LE(maskedChecksum(head.subarray(0, 8)), 8)
  tail.writeUInt32LE(maskedChecksum(data))
  return Buffer.concat([head, data, tail])
}

/** TensorFlow's mask: it rotates the checksum and adds a constant, since data may contain checksums themselves. */
function maskedChecksum(data: Uint8Array): number {
  const checksum = crc32c(data)
  return (((checksum >>> 15) | (checksum << 17)) + 0xa282ead8) >>> 0
}

/** The remainder of each byte by Castagnoli's polynomial, bits reversed. */
const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1
  return value
})

/** The checksum CRC-32C (Castagnoli), defined in RFC 3720. */
export function crc32c(data: Uint8Array): number {
  let value = 0xffffffff
  for (const byte of data) value = remainders[(value ^ byte) & 255] ^ (value >>> 8)
  return (value ^ 0xffffffff) >>> 0
}
