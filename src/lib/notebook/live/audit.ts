/** An audit under a progress bar. */
import type { Audit } from '../../audit/audit'
import { auditDataset as auditDatasetQuietly, type AuditOptions } from '../../audit/audit-dataset'
import { auditSteps } from '../../audit/steps'
import type { Dataset } from '../../data/dataset'
import { withProgress } from '../progress'

/**
 * Looks in a data set for whatever makes accuracies too good or labels wrong, under a progress bar: the same images or
 * patients on both sides of a split, classes that trivial classifiers tell, or that are told without the lungs, wrong
 * labels and odd images. Nothing in the set is changed. The interrupt button ends the audit early: questions that are
 * still open stay 'unknown'. `show` shows the findings.
 * @param options seed (default 42); questions: which ones to ask (default all); external: another set of the same
 *   classes, on which classifiers of this one are tested
 * @returns findings in order of weight, each with the figures behind it, and a verdict of the whole in words
 * @throws LabError 'bad-argument' for an option outside its range, or where fewer than two classes have images;
 *   'data-mismatch' where another set has other classes or the same images; 'bad-image' naming a damaged file
 * @example show(await auditDataset(ct, { questions: ['images'] }))
 */
export function auditDataset(
  dataset: Dataset, options: Omit<AuditOptions, 'onProgress' | 'signal'> = {},
): Promise<Audit> {
  return withProgress('Audit', (report, signal) => auditDatasetQuietly(dataset, {
    ...options, signal,
    onProgress: (stage, done, total) => {
      const step = Math.max(0, auditSteps.findIndex(name => stage.startsWith(name)))
      report(step + (total ? done / total : 0), auditSteps.length, stage)
    },
  }))
}
