/** Images as plain bytes: decoding, encoding, resizing. The only importer of sharp. */

/** An 8-bit image, row-major and interleaved: [height, width, channels], values 0 to 255. */
export interface Image {
  width: number
  height: number
  channels: 1 | 3
  data: Uint8Array
}
