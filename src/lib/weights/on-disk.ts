/** Whether published weights have been downloaded. */
import { sourceCard, type SourceName } from './cards'
import { isOnDisk } from './published'

/**
 * Whether published weights are on this machine, so that nothing has to be downloaded.
 * @param name such as 'imagenet' or 'imagenet-top': see `weights.sourceCards`
 * @throws LabError 'bad-argument' for an unknown name
 * @example weights.areOnDisk('imagenet-top')
 */
export function areOnDisk(name: SourceName): boolean {
  return isOnDisk(sourceCard(name))
}
