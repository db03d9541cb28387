/** The model card of a saved model, to be read in a notebook. */
import { join } from 'node:path'
import { readFileCapped } from '../../system/files'
import { cardFile } from './model-files'

const longestCard = 16 * 1024 * 1024

/**
 * Reads the model card in a folder that `saveModel` wrote. Its headings become smaller than those of a notebook.
 * @param folder of the model
 * @returns the card as Markdown, for `show`
 * @throws LabError 'data-missing' where there is no card
 * @example show(await weights.readCard('results/phantom/model'))
 */
export async function readCard(folder: string): Promise<{ markdown: string }> {
  const text = (await readFileCapped(join(folder, cardFile), longestCard)).toString('utf8')
  return { markdown: text.replace(/^(?=#{1,2} )/gm, '##') }
}
