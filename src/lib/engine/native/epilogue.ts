/** What follows a sum, with one operation for each part of it. */
import type { Epilogue } from '../operations'
import { donate, type Tensor } from '../tensor'
import { add, relu as applyRelu } from './arithmetic'

/** relu(y + shortcut), with ReLU and shortcut where they are asked for. `y` is donated. */
export function applyEpilogue(y: Tensor, { shortcut, relu }: Epilogue): Tensor {
  const sum = shortcut ? add(donate(y), shortcut) : y
  return relu ? applyRelu(donate(sum)) : sum
}
