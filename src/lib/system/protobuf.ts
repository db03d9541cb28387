/**
 * Protocol buffers, as far as this project writes them: a message is its fields one after the other, each a key made of
 * the field's number and its wire type, then the value. Source: protobuf.dev/programming-guides/encoding.
 */

const wireType = { varint: 0, eightBytes: 1, lengthDelimited: 2, fourBytes: 5 } as const

function key(field: number, type: keyof typeof wireType): Buffer {
  return varint(field << 3 | wireType[type])
}

export function doubleField(field: number, value: number): Buffer {
  const number = Buffer.alloc(8)
  number.writeDoubleLE(value)
  return Buffer.concat([key(field, 'eightBytes'), number])
}

export function floatField(field: number, value: number): Buffer {
  const number = Buffer.alloc(4)
  number.writeFloatLE(value)
  return Buffer.concat([key(field, 'fourBytes'), number])
}

/** @param value a whole number from 0 to 2⁵³ */
export function integerField(field: number, value: number): Buffer {
  return Buffer.concat([key(field, 'varint'), varint(value)])
}

export function textField(field: number, value: string): Buffer {
  return bytesField(field, Buffer.from(value, 'utf8'))
}

/** Bytes, or a message inside a message. */
export function bytesField(field: number, value: Uint8Array): Buffer {
  return Buffer.concat([key(field, 'lengthDelimited'), varint(value.length), value])
}

/** An entry of a map from texts to messages. */
export function entryField(field: number, name: string, value: Uint8Array): Buffer {
  return bytesField(field, Buffer.concat([textField(1, name), bytesField(2, value)]))
}

/** Seven bits a byte, the lowest first; the highest bit is set where more bytes follow. */
function varint(value: number): Buffer {
  const parts: number[] = []
  for (; value > 127; value = Math.floor(value / 128)) parts.push(value % 128 | 128)
  return Buffer.from([...parts, value])
}
