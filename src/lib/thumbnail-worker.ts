/** A thread that decodes and resizes images. */
import { thumbnailsOfFiles } from './thumbnails'
import { serve } from './worker-pool'

serve(thumbnailsOfFiles)
