/** Drawing one radiograph of a patient, and the mask of the opacities on it. */
import type { Image } from '../../images/image'
import { stream } from '../../system/random'
import { paintBones } from './bones'
import { drawPose, type Chest } from './chest'
import { expose, type Site } from './exposure'
import { paintOpacities, type Opacity } from './opacities'
import { blankPlate } from './plate'
import { paintAirways, paintBody, paintHeart, paintLungs, paintStomach, paintTexture } from './soft-tissue'
import { paintBranches, type Branch } from './vessels'

/** A patient, and where the patient's radiographs were taken. */
export interface XrayPatient {
  seed: number
  number: number
  nuisance: number
  site: Site
  chest: Chest
  branches: readonly Branch[]
  opacities: readonly Opacity[]
}

/** A radiograph as grey levels, and the mask of its opacities (255 inside, 0 outside). */
export interface Radiograph { image: Image; mask: Image }

/** Draws a radiograph from back to front; the same patient, number and size give the same bytes. */
export function drawRadiograph(patient: XrayPatient, number: number, size: number): Radiograph {
  const { seed, nuisance, chest, site } = patient
  const pose = drawPose(seed, patient.number, number, nuisance)
  const texture = stream('radiograph texture', seed, patient.number).integer(2 ** 31)
  // Between two radiographs an opacity grows or fades a little.
  const strength = 1 + nuisance * stream('radiograph course', seed, patient.number, number).between(-0.25, 0.25)
  const plate = blankPlate(size, pose.view, pose.warp)
  paintBody(plate, chest)
  paintLungs(plate, chest, pose)
  paintBranches(plate, patient.branches, pose)
  paintHeart(plate, chest, pose)
  const mask = paintOpacities(plate, patient.opacities, strength, texture + 5)
  paintAirways(plate, pose)
  paintStomach(plate, chest, pose)
  paintTexture(plate, texture)
  paintBones(plate, chest)
  const grey = expose(plate, site, seed, patient.number, number, nuisance)
  const picture = (data: Uint8Array): Image => ({ width: size, height: size, channels: 1, data })
  return { image: picture(grey), mask: picture(mask) }
}
