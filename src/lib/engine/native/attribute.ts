/** Attributes of TensorFlow's operations, in the form in which the binding reads them. */

export interface Attribute {
  readonly name: string
  readonly type: number
  readonly value: boolean | number | string | readonly number[] | readonly string[]
}

/** The numbers by which TensorFlow's C interface calls its data types and its kinds of attributes. */
export const dataType = { float: 1, int32: 3, bool: 10, resource: 20 } as const
export const attributeKind = { string: 0, int: 1, float: 2, bool: 3, type: 4, shape: 5 } as const

type DataType = keyof typeof dataType

/** Makes attributes of each kind. Lists of types and lists of strings need the patched binding. */
export const attribute = {
  type: (name: string, value: DataType): Attribute => ({ name, type: attributeKind.type, value: dataType[value] }),
  types: (name: string, values: readonly DataType[]): Attribute =>
    ({ name, type: attributeKind.type, value: values.map(value => dataType[value]) }),
  int: (name: string, value: number | readonly number[]): Attribute => ({ name, type: attributeKind.int, value }),
  float: (name: string, value: number): Attribute => ({ name, type: attributeKind.float, value }),
  bool: (name: string, value: boolean): Attribute => ({ name, type: attributeKind.bool, value }),
  string: (name: string, value: string | readonly string[]): Attribute =>
    ({ name, type: attributeKind.string, value }),
  shape: (name: string, value: readonly number[]): Attribute => ({ name, type: attributeKind.shape, value }),
}
