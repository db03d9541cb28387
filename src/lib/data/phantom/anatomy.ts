/** The organs on a slice, from chest wall to airways, painted from the outside in. */
import { lungOutline, thoraxHeight, type Body } from './body'
import { paintCapsule, paintEllipse, type Canvas } from './canvas'

/** CT numbers of the body's tissues, in Hounsfield units. */
const tissue = { fat: -95, muscle: 48, organ: 55, marrow: 190, bone: 650, air: -985 }

/** Paints chest wall, ribs and lungs. The organs between the lungs are painted after the lungs' vessels. */
export function paintChest(canvas: Canvas, body: Body, level: number): void {
  const { width, depth, wall } = body
  paintCapsule(canvas, { from: [-220, depth + wall + 34], to: [220, depth + wall + 34], radius: 6, hu: -250 })
  paintEllipse(canvas, { x: 0, y: 2, rx: width + 1.3 * wall, ry: depth + wall, square: 0.45, hu: tissue.fat })
  paintEllipse(canvas, { x: 0, y: 4, rx: width + 0.65 * wall, ry: depth + 0.6 * wall, square: 0.35, hu: tissue.muscle })
  for (const side of [-1, 1] as const) {
    const lung = lungOutline(body, level, side)
    paintRibs(canvas, body, level, side)
    if (level < 0.5) paintShoulderBlade(canvas, body, side, level)
    paintEllipse(canvas, { ...lung, square: 0.3, hu: body.lung, lung: true })
  }
}

/** Paints mediastinum, heart, great vessels, diaphragm, spine, sternum and airways. */
export function paintOrgans(canvas: Canvas, body: Body, level: number): void {
  const t = level + body.shift
  paintMediastinum(canvas, body, t)
  paintHeart(canvas, body, t)
  paintDiaphragm(canvas, body, t)
  paintSpine(canvas, body, level)
  paintEllipse(canvas, { x: 0, y: -body.depth - 6, rx: 24, ry: 8, hu: tissue.bone })
  paintEllipse(canvas, { x: 0, y: -body.depth - 6, rx: 20, ry: 5, hu: tissue.marrow })
  paintAirways(canvas, t)
}

/** Each rib runs down and forward, so a slice cuts several ribs, and the cuts move from slice to slice. */
function paintRibs(canvas: Canvas, body: Body, level: number, side: -1 | 1): void {
  const lung = lungOutline(body, level, side)
  const point = (angle: number, gap: number): [number, number] => [
    lung.x + side * (lung.rx + gap) * Math.cos(angle), lung.y + (lung.ry + gap) * Math.sin(angle),
  ]
  const first = -1.35 + (level * thoraxHeight / 30 % 1) * 0.5
  for (let angle = first; angle < 1.4; angle += 0.5) {
    paintCapsule(canvas, { from: point(angle, 9), to: point(angle + 0.19, 9), radius: 5, hu: tissue.bone })
    paintCapsule(canvas, { from: point(angle, 9), to: point(angle + 0.19, 9), radius: 2.6, hu: tissue.marrow })
  }
}

function paintShoulderBlade(canvas: Canvas, body: Body, side: -1 | 1, level: number): void {
  const { width, depth, wall } = body
  const reach = 1 - level
  paintCapsule(canvas, {
    from: [side * width * 0.62, depth + wall * 0.35], to: [side * width * (0.72 + 0.3 * reach), depth * 0.62],
    radius: 3.5, hu: tissue.bone,
  })
}

/** Soft tissue between the lungs, the aortic arch and the vessels below it. */
function paintMediastinum(canvas: Canvas, body: Body, t: number): void {
  const { depth, blood, mediastinum: m } = body
  const soft = (x: number, y: number, rx: number, ry: number, hu: number = tissue.organ, tilt = 0) =>
    paintEllipse(canvas, { x, y, rx: rx * m, ry, hu, tilt })
  const front = -depth * 1.02
  // The lungs meet in front: in a line below the arch, around wide fat above it.
  const gap = 2.5 + 30 * near(t, 0.05, 0.16)
  paintCapsule(canvas, { from: [0, front], to: [4, 0], radius: gap, hu: tissue.organ })
  soft(0, -12, 25, 56, -10)
  soft(0, depth * 0.5, 17, depth * 0.4)
  if (t < 0.3) for (const [x, y, r] of [[-22, -26, 9], [-9, -42, 8], [13, -34, 7], [22, -12, 6]] as const)
    soft(x, y, r, r, blood)
  const arch = near(t, 0.32, 0.05)
  if (arch > 0.1) paintCapsule(canvas, { from: [-9, -42], to: [23, 30], radius: 17 * Math.sqrt(arch) * m, hu: blood })
  if (t > 0.34) {
    soft(-13, -38, 19 * near(t, 0.48, 0.2), 19 * near(t, 0.48, 0.2), blood)
    soft(24 - 8 * (t - 0.34), 44, 14, 14, blood)
  }
  if (t > 0.2 && t < 0.62) soft(-31, -22, 9, 10, blood)
  const hila = near(t, 0.5, 0.13)
  soft(18, -30, 18 * hila, 19 * hila, blood)
  if (hila > 0.5) paintCapsule(canvas, { from: [16, -22], to: [-34, -4], radius: 10 * hila, hu: blood })
  soft(-36, 4, 15 * hila, 19 * hila)
  soft(38, 2, 15 * hila, 19 * hila)
}

/** The heart lies to the left and in front, largest just above the diaphragm. */
function paintHeart(canvas: Canvas, body: Body, t: number): void {
  const grown = smoothstep(0.5, 0.68, t) * body.heart
  const { blood } = body
  const muscle = 45 + 0.4 * (blood - 40)
  paintEllipse(canvas, { x: 14 * grown, y: -26, rx: 62 * grown, ry: 54 * grown, tilt: 0.5, square: 0.2, hu: -20 })
  paintEllipse(canvas, { x: 14 * grown, y: -26, rx: 58 * grown, ry: 51 * grown, tilt: 0.5, square: 0.2, hu: muscle })
  paintEllipse(canvas, { x: 34 * grown, y: -18, rx: 26 * grown, ry: 20 * grown, tilt: 0.6, hu: blood })
  paintEllipse(canvas, { x: -14 * grown, y: -32, rx: 24 * grown, ry: 28 * grown, hu: blood })
}

/** The domes of liver and spleen rise from below, the right one first. */
function paintDiaphragm(canvas: Canvas, body: Body, t: number): void {
  const dome = (top: number) => Math.sqrt(Math.max(0, 1 - ((top + 0.36 - t) / 0.36) ** 2)) * (t > top ? 1 : 0)
  const right = dome(0.78), left = dome(0.86)
  const { width, depth } = body
  paintEllipse(canvas, { x: -width * 0.5, y: -depth * 0.05, rx: 62 * right, ry: 88 * right, tilt: -0.1, hu: 80 })
  paintEllipse(canvas, { x: width * 0.56, y: depth * 0.1, rx: 56 * left, ry: 74 * left, tilt: 0.15, hu: 70 })
}

function paintSpine(canvas: Canvas, body: Body, level: number): void {
  const y = body.depth * 0.62
  paintEllipse(canvas, { x: 0, y: y + 44, rx: 40, ry: 38, hu: tissue.muscle })
  paintEllipse(canvas, { x: 0, y: y + 5, rx: 21, ry: 21, hu: tissue.muscle })
  // Along the spine vertebrae alternate with discs, and so do their processes.
  const cut = 0.5 + 0.5 * Math.cos(level * thoraxHeight / 24 * 2 * Math.PI)
  for (const side of [-1, 1])
    paintCapsule(canvas, { from: [side * 9, y + 20], to: [side * (18 + 14 * cut), y + 27], radius: 4, hu: tissue.bone })
  paintCapsule(canvas, { from: [0, y + 30], to: [0, y + 45], radius: 2.8, hu: tissue.bone })
  paintEllipse(canvas, { x: 0, y: y + 20, rx: 13.5, ry: 12.5, hu: tissue.bone })
  paintEllipse(canvas, { x: 0, y, rx: 17, ry: 14.5, square: 0.4, hu: 250 + 200 * cut })
  paintEllipse(canvas, { x: 0, y: y - 1, rx: 14.5, ry: 12, square: 0.4, hu: tissue.marrow - 40 + 60 * cut })
  paintEllipse(canvas, { x: 0, y: y + 20.5, rx: 9, ry: 8, hu: 30 })
}

/** The trachea above, two main bronchi below its fork, each with a thin wall. */
function paintAirways(canvas: Canvas, t: number): void {
  const airway = (x: number, y: number, rx: number, ry: number, tilt = 0) => {
    paintEllipse(canvas, { x, y, rx: rx + 2, ry: ry + 2, tilt, hu: tissue.organ })
    paintEllipse(canvas, { x, y, rx, ry, tilt, hu: tissue.air })
  }
  const fork = 0.44
  if (t < fork) return airway(1, 10, 10, 12)
  if (t > fork + 0.2) return
  const apart = 8 + 26 * Math.sqrt((t - fork) / 0.2), slant = 0.25
  const thin = 1 - 1.6 * (t - fork)
  airway(-apart, 12, 11.5 * thin, 8 * thin, slant)
  airway(apart + 2, 14, 11.5 * thin, 7.5 * thin, -slant)
}

/** 1 at the middle, falling to 0 at the distance `reach`. */
function near(t: number, middle: number, reach: number): number {
  const d = (t - middle) / reach
  return d * d >= 1 ? 0 : (1 - d * d) ** 2
}

function smoothstep(low: number, high: number, t: number): number {
  const s = Math.min(1, Math.max(0, (t - low) / (high - low)))
  return s * s * (3 - 2 * s)
}
