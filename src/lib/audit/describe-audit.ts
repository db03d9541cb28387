/** The findings of an audit's steps, and the figures behind them. */
import type { Dataset } from '../data/dataset'
import { numbersOfArms } from './arm-numbers'
import type { AuditParts } from './audit'
import { describeCopies, numbersOfCopies } from './copies'
import { describeAnother } from './describe-another'
import { describeArms } from './describe-arms'
import { describePatients } from './describe-patients'
import type { Finding } from './finding'
import { describeImageIssues } from './image-finding'
import { numbersOfImages, numbersOfLabels } from './issue-numbers'
import { describeLabelIssues } from './label-finding'
import type { AuditNumber } from './number'
import { numbersOfPatients } from './patient-numbers'

/**
 * What each step found, in words.
 * @param external whether another set was named
 */
export function describeAudit(dataset: Dataset, found: AuditParts, external: boolean): Finding[] {
  const { copies, patients, arms, another, labels, images } = found
  return [
    ...(copies ? describeCopies(dataset, copies) : []), ...(patients ? describePatients(patients) : []),
    ...(arms ? describeArms(dataset, arms) : []), ...(arms && another ? [describeAnother(dataset, arms, another)] : []),
    ...(external ? [] : [noOtherSet]), ...(labels ? [describeLabelIssues(labels)] : []),
    ...(arms && !arms.predictions ? [noClassifier] : []), ...(images ? [describeImageIssues(dataset, images)] : []),
  ]
}

/**
 * Every figure of every step.
 * @param external the other set's name
 */
export function numbersOfAudit(
  { copies, patients, arms, another, labels, images }: AuditParts, external?: string,
): AuditNumber[] {
  return [
    ...(copies ? numbersOfCopies(copies) : []), ...(patients ? numbersOfPatients(patients) : []),
    ...(arms ? numbersOfArms(arms) : []), ...(another ? numbersOfArms(another, external) : []),
    ...(labels ? numbersOfLabels(labels) : []), ...(images ? numbersOfImages(images) : []),
  ]
}

const noOtherSet: Finding =
  { question: 'another set', verdict: 'unknown', sentence: 'No other set of the same classes was named.' }

const noClassifier: Finding =
  { question: 'labels', verdict: 'unknown', sentence: 'No classifier could be scored that would contradict a label.' }
