/** A thread that decodes and resizes images. */
import { thumbnailsOfFiles } from './resized-images'
import { serve } from '../system/worker-pool'

serve(thumbnailsOfFiles)
