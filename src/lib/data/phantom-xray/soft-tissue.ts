/** Everything soft in the chest: wall and shoulders, lungs, heart, great vessels, diaphragm. */
import { smoothNoise } from '../phantom/noise'
import { diaphragmAt, lungAt, type Chest, type Pose } from './chest'
import { alongLine, displaceAir, smoothstep, throughEllipsoid, type Plate } from './plate'

/** Paints the body around the lungs. Air beside the body absorbs nothing. */
export function paintBody(plate: Plate, chest: Chest): void {
  const { x, y, tissue } = plate
  const { width, wall, depth } = chest
  for (let i = 0; i < tissue.length; i++) {
    const out = Math.abs(x[i]), high = smoothstep(-30, -125, y[i])
    const half = width + wall + 95 * high
    const within = 1 - (out / half) ** 5
    // The shoulders slope down from the neck, a column.
    const below = Math.min(1, (y[i] + 205 - 0.42 * Math.max(0, out - 40)) / 70)
    const trunk = within <= 0 || below <= 0 ? 0 : depth * (1 - 0.25 * high) * Math.sqrt(within * below)
    const neck = 0.6 * depth * Math.sqrt(Math.max(0, 1 - (out / 66) ** 2)) * (1 - smoothstep(-150, -100, y[i]))
    tissue[i] = Math.sqrt(trunk * trunk + neck * neck) + 12 * smoothstep(60, 150, y[i])
  }
  for (const side of [-1, 1]) {
    const breast = { x: side * 78, y: 58, rx: 66, ry: 50, depth: chest.breast / 2 }
    if (breast.depth > 0) throughEllipsoid(plate, breast, (i, length) => { tissue[i] += length })
  }
}

/** Paints the air of both lungs. */
export function paintLungs(plate: Plate, chest: Chest, pose: Pose): void {
  const { x, y, air, tissue } = plate
  for (let i = 0; i < air.length; i++) {
    const side = x[i] < 0 ? -1 : 1, out = Math.abs(x[i])
    if (out > chest.width + 2) continue
    const { axis, half } = lungAt(chest, y[i])
    // Shares of the way from both borders to the middle of the lung: its section is rounded.
    const fromWall = (axis + half - out) / 46, fromMiddle = (out - Math.max(axis - half, 19 + 4 * side)) / 30
    if (fromWall <= 0 || fromMiddle <= 0) continue
    const rounded = Math.sqrt(1 - (1 - Math.min(1, fromWall)) ** 2) * Math.sqrt(1 - (1 - Math.min(1, fromMiddle)) ** 2)
    const below = y[i] - diaphragmAt(chest, pose, side, out)
    // A part of the lung reaches down behind the dome of the diaphragm.
    const behind = 0.13 * Math.max(0, 1 - Math.max(0, below) / 45)
    const edge = Math.min(1, Math.max(0, 0.5 - below / Math.max(3, plate.pixel)))
    const thick = chest.depth * (0.44 + 0.33 * smoothstep(-150, -60, y[i]))
    air[i] = Math.min(0.86 * tissue[i], thick * rounded) * (behind + (1 - behind) * edge)
  }
}

/** Paints heart, aorta, pulmonary arteries and the tissue between the lungs. */
export function paintHeart(plate: Plate, chest: Chest, pose: Pose): void {
  const { heart, arch } = chest
  const at = (x: number) => x + pose.turned
  const low = chest.diaphragm - pose.raised
  displaceAir(plate, { x: 0, y: -100, rx: 31, ry: 80, depth: 60 })
  displaceAir(plate, { x: at(24), y: low - 36, rx: 66 * heart, ry: 49 * heart, depth: 66, tilt: 0.52 })
  displaceAir(plate, { x: at(-18), y: low - 42, rx: 33 * heart, ry: 46 * heart, depth: 54 })
  displaceAir(plate, { x: at(20), y: low - 78, rx: 32 * heart, ry: 36, depth: 55 })
  displaceAir(plate, { x: at(20), y: -72, rx: arch + 3, ry: arch + 4, depth: 34 })
  displaceAir(plate, { x: at(27), y: -42, rx: 19, ry: 17, depth: 38 })
  displaceAir(plate, { x: at(-24), y: -66, rx: 12, ry: 42, depth: 30 })
  alongLine(plate, [[at(22), -72], [at(24), 0], [at(14), 90]], () => 12, (i, distance) => {
    plate.tissue[i] += 16 * Math.sqrt(1 - distance * distance)
  })
}

/** Paints the windpipe and both main bronchi: dark bands in the bright middle. */
export function paintAirways(plate: Plate, pose: Pose): void {
  const band = (points: [number, number][], radius: number, depth: number) =>
    alongLine(plate, points, () => radius, (i, distance, share, cover) => {
      plate.air[i] += cover * depth * (1 - 0.7 * share ** 3) * Math.sqrt(1 - distance * distance)
    })
  const x = 0.6 * pose.turned
  band([[x, -230], [x, -150], [x - 3, -62]], 9, 30)
  band([[x - 5, -66], [x - 34, -36]], 6.5, 20)
  band([[x - 1, -66], [x + 40, -30]], 6, 20)
}

/** Paints the air in the stomach below the left diaphragm. */
export function paintStomach(plate: Plate, chest: Chest, pose: Pose): void {
  if (chest.stomach <= 0) return
  const y = diaphragmAt(chest, pose, 1, 66) + 20
  throughEllipsoid(plate, { x: 70, y, rx: 34, ry: 13, depth: 38 * chest.stomach, tilt: 0.2 }, (i, length) => {
    plate.air[i] = Math.max(plate.air[i], length)
  })
}

/** Paints the fine unevenness of tissue. */
export function paintTexture(plate: Plate, seed: number): void {
  const { x, y, air, tissue } = plate
  for (let i = 0; i < air.length; i++) {
    const coarse = smoothNoise(seed, x[i] / 26, y[i] / 26, 0), fine = smoothNoise(seed + 1, x[i] / 7, y[i] / 7, 0)
    air[i] *= 1 + 0.05 * coarse + 0.05 * fine
    if (tissue[i] > 0) tissue[i] += 7 * coarse + 2 * fine
  }
}
