/** Types of the codecs, which come without any. Only what is used here. */

declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  interface FrameInfo { bitsPerSample: number }
  interface Decoder {
    getEncodedBuffer(length: number): Uint8Array
    decode(): void
    getFrameInfo(): FrameInfo
    getDecodedBuffer(): Uint8Array
    delete(): void
  }
  interface Output { print(): void; printErr(): void }
  export default function load(output: Output): Promise<{ J2KDecoder: new () => Decoder }>
}

declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  interface FrameInfo { bitsPerSample: number }
  interface Decoder {
    getEncodedBuffer(length: number): Uint8Array
    decode(): void
    getFrameInfo(): FrameInfo
    getDecodedBuffer(): Uint8Array
    delete(): void
  }
  interface Output { print(): void; printErr(): void }
  export default function load(output: Output): Promise<{ JpegLSDecoder: new () => Decoder }>
}

declare module 'jpeg-lossless-decoder-js' {
  export class Decoder {
    decode(buffer: ArrayBuffer, offset: number, length: number): Uint8Array | Uint16Array
  }
}
