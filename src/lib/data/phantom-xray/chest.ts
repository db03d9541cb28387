/** A patient's chest, and how the patient stands before the plate for one radiograph. Lengths in millimeters. */
import { stream } from '../../system/random'
import type { View, Warp } from '../phantom/grid'

/** What stays the same on all radiographs of a patient. */
export interface Chest {
  /** Half width of the inside of the rib cage, and how far the shape of the lungs is stretched down. */
  width: number
  height: number
  /** Thickness of the body from front to back, and of the chest wall at the sides. */
  depth: number
  wall: number
  /** Factor on the size of the heart: 1 on average. */
  heart: number
  /** Radius of the aortic arch. */
  arch: number
  /** Height of the top of the right diaphragm; the left one is lower. */
  diaphragm: number
  /** How far the ribs run down to the front, and the distance between them. */
  slope: number
  spacing: number
  /** Depth of soft tissue in front of the lower lungs (breasts). */
  breast: number
  /** How much air the stomach holds: 0 none, 1 much. */
  stomach: number
}

/** How one radiograph was taken. */
export interface Pose {
  /** How far a shallow breath leaves the diaphragm raised. */
  raised: number
  /** How far a turned patient's heart moves to the side. */
  turned: number
  view: View
  warp: Warp
}

/** @param nuisance how much patients differ; 1 by default, 0 makes them all alike */
export function drawChest(seed: number, patient: number, nuisance: number): Chest {
  const numbers = stream('radiograph chest', seed, patient)
  const around = (middle: number, reach: number) => middle + nuisance * reach * numbers.between(-1, 1)
  return {
    width: around(137, 12), height: around(1, 0.07), depth: around(205, 30), wall: around(26, 9),
    heart: around(1, 0.16), arch: around(17, 4), diaphragm: around(80, 11), slope: around(82, 16),
    spacing: around(21, 1.6), breast: numbers.uniform() < 0.5 ? nuisance * numbers.between(10, 45) : 0,
    stomach: Math.max(0, around(0.5, 0.6)),
  }
}

/** @param nuisance how much radiographs of a patient differ; 1 by default, 0 makes them all alike */
export function drawPose(seed: number, patient: number, image: number, nuisance: number): Pose {
  const numbers = stream('radiograph pose', seed, patient, image)
  const around = (middle: number, reach: number) => middle + nuisance * reach * numbers.between(-1, 1)
  return {
    raised: around(3, 11), turned: around(0, 7),
    view: {
      x: around(0, 11), y: around(-14, 11), halfWidth: around(176, 12), halfHeight: around(176, 12),
    },
    warp: {
      turn: around(0, 0.05), reach: around(2, 1),
      phases: Array.from({ length: 4 }, () => numbers.between(0, 2 * Math.PI)),
    },
  }
}

/** Height of the apices of the lungs. */
export const apex = -152

/** Height of the diaphragm at a distance from the middle. @param side −1 the patient's right, 1 the left */
export function diaphragmAt(chest: Chest, pose: Pose, side: -1 | 1, outward: number): number {
  const top = chest.diaphragm - pose.raised + (side === 1 ? 11 : 0)
  const from = (outward - (side === 1 ? 66 : 58)) / chest.width
  // Steep at the side, where diaphragm and chest wall meet at a sharp angle.
  return top + (from > 0 ? 40 * from ** 2 + 190 * from ** 4 : 62 * from ** 2)
}

/** Half width of a lung's outline at a height, and the distance of its axis from the middle. */
export function lungAt(chest: Chest, y: number): { axis: number; half: number } {
  const low = 40
  const t = Math.min(1, Math.max(0, (low - y) / (low - apex) / chest.height))
  const axis = chest.width * (0.5 - 0.1 * t)
  const below = Math.max(0, y - low)
  return { axis, half: chest.width * 0.5 * Math.max(0, 1 - t ** 2.6) ** (1 / 2.1) - 0.03 * below }
}

/** The point of a lung at shares of its height (0 apex, 1 diaphragm) and width (0 beside the heart, 1 chest wall). */
export function inLung(chest: Chest, side: -1 | 1, down: number, outward: number): readonly [number, number] {
  const y = apex + down * (chest.diaphragm - apex)
  const { axis, half } = lungAt(chest, y)
  const inner = Math.max(axis - half, 24 + (side === 1 ? 36 : 10) * smoothRise(y))
  return [side * (inner + outward * (axis + half - inner)), y]
}

/** 0 above the heart, 1 beside it. */
function smoothRise(y: number): number {
  return Math.min(1, Math.max(0, (y + 30) / 70))
}
