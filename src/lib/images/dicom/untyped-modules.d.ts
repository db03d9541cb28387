/** Types of the codecs, which come without any. Only what is used here. */

declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  interface FrameInfo { width: number; height: number; bitsPerSample: number }
  export interface WasmDecoder {
    getEncodedBuffer(length: number): Uint8Array
    decode(): void
    getFrameInfo(): FrameInfo
    getDecodedBuffer(): Uint8Array
    delete(): void
  }
  interface Output { print(): void; printErr(): void }
  export default function load(output: Output): Promise<{ J2KDecoder: new () => WasmDecoder }>
}

declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  interface FrameInfo { width: number; height: number; bitsPerSample: number }
  export interface WasmDecoder {
    getEncodedBuffer(length: number): Uint8Array
    decode(): void
    getFrameInfo(): FrameInfo
    getDecodedBuffer(): Uint8Array
    delete(): void
  }
  interface Output { print(): void; printErr(): void }
  export default function load(output: Output): Promise<{ JpegLSDecoder: new () => WasmDecoder }>
}

declare module 'jpeg-lossless-decoder-js' {
  export class Decoder {
    /** The row that comes next, and the bytes that were read. */
    readonly yLoc: number
    readonly stream: { readonly index: number } | null
    decode(buffer: ArrayBuffer, offset: number, length: number): Uint8Array | Uint16Array
  }
}
