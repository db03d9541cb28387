/** Notebook 03: where the images at hand have edges. */
import { byModality, paragraphs, type Explanation } from './explanation'

export const insideResNet50 = {
  'where edges are': data => paragraphs(byModality(data, {
    CT: `Compare the first two pictures. *Vertical edges* answers along the left and right walls of the lungs, where black air
      meets the wall of the chest; *horizontal edges* along their front and back. A vessel, cut across, is a small bright
      dot: each of its sides gets an answer of another sign.`,
    'X-ray': `Compare the first two pictures. *Vertical edges* answers along the outer borders of the lungs and along the sides
      of the heart, where dark lung meets brighter tissue; *horizontal edges* along the domes of the diaphragms and along
      the ribs, whose upper and lower borders get answers of opposite signs.`,
    unknown: `Compare the first two pictures. *Vertical edges* answers where a dark lung meets brighter tissue to its left or
      right, *horizontal edges* where it does above or below. Both sides of a narrow bright structure get an answer, of
      opposite signs.`,
  })),
} satisfies Record<string, Explanation>
