/** The map of images by a network's features, under a progress bar. */
import { embedImages as embedImagesQuietly, type EmbedOptions, type Embedding } from '../../audit/embed-images'
import type { Part } from '../../data/split/split'
import type { Model } from '../../model/model'
import { withProgress } from '../progress'

/**
 * A map of images, under a progress bar: the features of a stage (averaged over positions, scaled to length 1), their
 * first 50 principal components, and a layout of those in two dimensions by UMAP (McInnes et al. 2018). Same images,
 * seed and machine, same map. `figures.embeddingMap` draws it.
 *
 * Images that lie close together have features alike. The distance between clusters, their size and their shape mean
 * little: they change with the seed and the number of neighbors.
 * @param parts a part, or several of one data set or of more
 * @param options stage: whose features are read (default 'conv5', the last before the head); neighbors of each image,
 *   itself included, as UMAP counts (default 15, or fewer with few images); seed (default 0)
 * @throws LabError 'bad-argument' for fewer than 4 images, or an option outside its range
 * @example show(figures.embeddingMap(await embedImages(network, [parts.train, parts.test]), { color: 'part' }))
 */
export function embedImages(
  model: Model, parts: Part | readonly Part[], options: Omit<EmbedOptions, 'onProgress' | 'signal'> = {},
): Promise<Embedding> {
  return withProgress('Map of the features', (report, signal) =>
    embedImagesQuietly(model, parts, { ...options, onProgress: report, signal }))
}
