/** Which curves a figure of evaluations draws: one a class, and one an evaluation. */
import type { Evaluation } from '../../evaluation/evaluation'
import type { Predictions } from '../../evaluation/predictions'
import { curveLook, shorten, textWidth } from './figure'

/** One evaluation, or several by name. */
export type Evaluations = Evaluation | Readonly<Record<string, Evaluation>>

/** One class of one evaluation, against the rest. */
export interface ClassCurve {
  /** The class; of several evaluations the evaluation's name and the class. */
  label: string
  /** The class alone. */
  positive: string
  evaluation: Evaluation
}

/**
 * An evaluation with a positive class gives one curve, one without gives a curve a class; several give theirs.
 * @param everyClass a curve for every class, although one class is positive
 */
export function classCurves(evaluations: Evaluations, everyClass: boolean): ClassCurve[] {
  const of = (evaluation: Evaluation, name: string): ClassCurve[] => evaluation.perClass
    .filter(({ label }) => everyClass || evaluation.positive === null || label === evaluation.positive)
    .map(({ label }) => ({ label: name + label, positive: label, evaluation }))
  return isEvaluation(evaluations) ? of(evaluations, '')
    : Object.entries(evaluations).flatMap(([name, evaluation]) => of(evaluation, `${name}, `))
}

/** The line of a curve in a legend: its name, shortened so that the words behind it stay whole. */
export function curveEntry(label: string, words: string, index: number, width: number) {
  const room = Math.max(120, width - 60 - textWidth(words, 12))
  return { label: shorten(label, room, 12) + words, whole: label + words, ...curveLook(index) }
}

/** What curves were measured on, in a sentence without its full stop: how many images, and how intervals were made. */
export function measuredOn(predictions: readonly Predictions[], kinds: readonly string[]): string {
  const counts = predictions.map(({ labels }) => labels.length), least = Math.min(...counts), most = Math.max(...counts)
  const images = least === most ? `${most} ${most === 1 ? 'image' : 'images'}` : `${least} to ${most} images`
  return new Set(kinds).size === 1 ? `${images}; ${kinds[0]}` : `${images}; 95 % intervals in brackets`
}

function isEvaluation(value: Evaluations): value is Evaluation {
  return Array.isArray((value as Evaluation).perClass)
}
