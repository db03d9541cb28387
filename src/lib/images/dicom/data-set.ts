/** A DICOM file's elements by tag. The library's only import of dicom-parser. */
import { inflateRawSync } from 'node:zlib'
import type { DataSet, Element } from 'dicom-parser'
import { badImage, mostUnpacked } from '../bad-image'

export type { DataSet }

/** Reads the elements of a file. @throws LabError 'bad-image' */
export async function parseDicom(bytes: Uint8Array): Promise<DataSet> {
  const { default: parser } = await import('dicom-parser')
  try {
    return parser.parseDicom(bytes, { inflater: inflated })
  } catch (error) {
    const fault = error instanceof Error ? error.message : (error as { exception?: string }).exception ?? String(error)
    throw badImage(`a damaged or cut DICOM file: ${fault}`)
  }
}

/** Joins the fragments of a single compressed frame. */
export async function joinFragments(data: DataSet, element: Element): Promise<Uint8Array> {
  const { default: parser } = await import('dicom-parser')
  const fragments = element.fragments ?? []
  if (fragments.length === 0) throw badImage('a DICOM file that is cut short')
  return new Uint8Array(parser.readEncapsulatedPixelDataFromFragments(data, element, 0, fragments.length, fragments))
}

function inflated(bytes: Uint8Array, position: number): Uint8Array {
  const content = inflateRawSync(bytes.subarray(position), { maxOutputLength: mostUnpacked(bytes.length) })
  return Buffer.concat([bytes.subarray(0, position), content])
}
