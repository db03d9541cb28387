/** A phantom patient's body and scanner, which are the same on all slices of the patient. */
import { stream } from '../../system/random'
import type { View, Warp } from './grid'

/** Height of the thorax from apex to base (mm). A slice's level is its share of this height, 0 to 1. */
export const thoraxHeight = 240

/** A point in the body, in millimeters: to the patient's left, to the back, down. */
export type Point = readonly [number, number, number]

/** How a scanner turns Hounsfield units into a picture. */
export interface Scanner {
  /** Standard deviation of the noise before smoothing (HU). */
  noise: number
  /** 0 for a sharp reconstruction filter, 1 for a smooth one. */
  smooth: number
  /** Hounsfield units shown darkest and brightest, and the grey level of the darkest. */
  low: number
  high: number
  floor: number
}

/** Sizes in millimetres, tissue in Hounsfield units. */
export interface Body {
  /** Half width and half depth of the chest's inside. */
  width: number
  depth: number
  /** Thickness of the chest wall. */
  wall: number
  /** Factors on the average size. */
  heart: number
  mediastinum: number
  /** Blood: about 40, with contrast agent up to 300. */
  blood: number
  /** Lung tissue, and how much denser it is at the back, where the patient lies on it. */
  lung: number
  gradient: number
  /** How the levels of the anatomy are shifted along the body, as a share of its height. */
  shift: number
  /** Level of the first slice, distance to the next, and how many there are. */
  firstLevel: number
  step: number
  slices: number
  view: View
  warp: Warp
  scanner: Scanner
}

/**
 * Draws the body and scanner of one patient.
 * @param nuisance how much patients and scanners differ; 1 by default, 0 makes them all alike
 */
export function drawBody(seed: number, patient: number, slices: number, nuisance: number): Body {
  const numbers = stream('phantom body', seed, patient)
  const around = (middle: number, reach: number) => middle + nuisance * reach * numbers.between(-1, 1)
  const width = around(142, 11), depth = around(104, 7)
  const firstLevel = numbers.between(0.16, 0.36)
  return {
    width, depth,
    wall: around(28, 8),
    heart: around(1, 0.12), mediastinum: around(1, 0.15),
    blood: 40 + (numbers.uniform() < 0.25 ? nuisance * numbers.between(60, 240) : 0),
    lung: around(-870, 12), gradient: around(60, 20),
    shift: around(0, 0.03),
    firstLevel, slices, step: numbers.between(0.38, 0.52) / Math.max(1, slices - 1),
    view: {
      x: around(0, 4), y: around(4, 3),
      halfWidth: width * around(1.05, 0.045), halfHeight: depth * around(1.09, 0.05),
    },
    warp: {
      turn: around(0, 0.045), reach: around(2.4, 0.7),
      phases: Array.from({ length: 4 }, () => numbers.between(0, 2 * Math.PI)),
    },
    scanner: drawScanner(around),
  }
}

function drawScanner(around: (middle: number, reach: number) => number): Scanner {
  return {
    noise: Math.max(0, around(30, 18)), smooth: Math.min(1, Math.max(0, around(0.5, 0.5))),
    low: around(-985, 18), high: around(240, 35), floor: Math.min(80, Math.max(0, around(58, 4))),
  }
}

/** The level of a slice in the thorax: 0 at the apex, 1 at the base. */
export function levelOf(body: Body, slice: number): number {
  return body.firstLevel + body.step * slice
}

/** One lung's outline at a level, before the organs between the lungs are painted over it. */
export interface LungOutline { x: number; y: number; rx: number; ry: number; tilt: number }

/** @param side −1 the patient's right (left in the picture), 1 the left */
export function lungOutline(body: Body, level: number, side: -1 | 1): LungOutline {
  // Narrow at the apex, full from the aortic arch down.
  const grown = Math.sqrt(Math.min(1, Math.max(0.06, (level + 0.04) / 0.36)))
  return {
    x: side * body.width * (0.31 + 0.16 * grown), y: body.depth * (0.12 - 0.1 * grown),
    rx: body.width * 0.52 * grown, ry: body.depth * 1.03 * grown, tilt: -0.2 * side,
  }
}
