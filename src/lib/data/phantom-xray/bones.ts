/** Ribs, clavicles, shoulder blades and spine. */
import { lungAt, type Chest } from './chest'
import { alongLine, type PlanePoint, type Plate } from './plate'

/** Paints all bones, the spine first. */
export function paintBones(plate: Plate, chest: Chest): void {
  paintSpine(plate)
  for (const side of [-1, 1] as const) {
    for (let rib = 0; rib < 12; rib++) paintRib(plate, chest, side, rib)
    paintClavicle(plate, chest, side)
    paintShoulder(plate, chest, side)
  }
}

/** How far (in radii) a ray runs in the hard shell of a round bone at a distance from its middle: most at its edges. */
function shell(distance: number): number {
  const inner = 0.78
  return Math.sqrt(1 - distance ** 2) - 0.72 * Math.sqrt(Math.max(0, inner ** 2 - distance ** 2))
}

/**
 * A rib is half a ring that runs down to the front. The back part is sharp and nearly level; the front part, further
 * from the plate and partly cartilage, fades out before the breastbone.
 */
function paintRib(plate: Plate, chest: Chest, side: -1 | 1, rib: number): void {
  const start = -151 + rib * chest.spacing
  const first = rib === 0
  const drop = chest.slope * (first ? 0.35 : Math.min(1, 0.62 + 0.09 * rib))
  const { axis, half } = lungAt(chest, Math.max(start + 0.4 * drop, -134))
  const reach = (first ? 0.8 : 1) * (axis + half) + 3
  // The lowest ribs end in the muscles of the back.
  const end = rib < 10 ? (first ? 2.2 : 2.55) : 1.7 - 0.35 * (rib - 10)
  const points = Array.from({ length: 25 }, (_, k): PlanePoint => {
    const angle = 0.1 + (end - 0.1) * k / 24
    const lift = -5 * Math.sin(Math.min(Math.PI, 2.6 * angle))
    return [side * reach * Math.sin(angle) ** 0.82, start + lift + drop * (1 - Math.cos(angle)) / 2]
  })
  alongLine(plate, points, share => 5 + 1.6 * share, (i, distance, share, cover) => {
    const angle = 0.1 + (end - 0.1) * share
    const front = angle < 1.5 ? 1 : 0.62 * (1 - 0.75 * Math.max(0, (angle - 1.9) / 0.65))
    plate.bone[i] += cover * 27 * front * shell(distance)
  })
}

function paintClavicle(plate: Plate, { width }: Chest, side: -1 | 1): void {
  const points: PlanePoint[] = [
    [18, -108], [32, -113], [52, -121], [74, -131], [96, -139], [118, -143], [140, -143], [width + 24, -139],
  ].map(([x, y]) => [side * x, y])
  alongLine(plate, points, share => 7.5 - 3 * Math.sin(Math.PI * share), (i, distance, _, cover) => {
    plate.bone[i] += cover * 42 * shell(distance)
  })
}

/** Shoulder blade and head of the upper arm: beside the lungs, as the arms are turned forward. */
function paintShoulder(plate: Plate, { width }: Chest, side: -1 | 1): void {
  const blade: PlanePoint[] = [[width + 4, -128], [width - 12, -70], [width + 2, 6]].map(([x, y]) => [side * x, y])
  alongLine(plate, blade, () => 3, (i, distance, _, cover) => { plate.bone[i] += cover * 13 * shell(distance) })
  const body: PlanePoint[] = [[width + 14, -110], [width + 10, -70], [width + 8, -10]].map(([x, y]) => [side * x, y])
  alongLine(plate, body, share => 21 - 15 * share, (i, distance, _, cover) => {
    plate.bone[i] += cover * 9 * Math.sqrt(1 - distance * distance)
  })
  const arm: PlanePoint[] = [[width + 40, -118], [width + 56, -40], [width + 66, 60]].map(([x, y]) => [side * x, y])
  alongLine(plate, arm, share => 22 - 26 * Math.min(0.4, share), (i, distance, _, cover) => {
    if (plate.tissue[i] > 0) plate.bone[i] += cover * 30 * shell(distance)
  })
}

/** Vertebrae alternate with discs; each vertebra shows its two pedicles and its process. */
function paintSpine(plate: Plate): void {
  for (let level = 0; level < 18; level++) {
    const y = -220 + 23 * level, half = 14.5 + 0.25 * level
    alongLine(plate, [[-half + 8, y], [half - 8, y]], () => 9.5, (i, distance, _, cover) => {
      plate.bone[i] += cover * (8 + 7 * distance ** 4)
    })
    for (const x of [-0.62 * half, 0.62 * half])
      alongLine(plate, [[x, y - 5], [x, y]], () => 3.2, (i, distance, _, cover) => {
        plate.bone[i] += cover * 11 * shell(distance)
      })
    alongLine(plate, [[0, y + 3], [0, y + 11]], () => 2.6, (i, _, __, cover) => { plate.bone[i] += cover * 6 })
  }
  for (const side of [-1, 1])
    alongLine(plate, [[side * 16, -224], [side * 20, 180]], () => 9, (i, distance, _, cover) => {
      plate.bone[i] += cover * 10 * Math.sqrt(1 - distance * distance)
    })
}
