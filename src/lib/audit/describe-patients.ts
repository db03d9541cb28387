/** What is known about a set's patients, in words. */
import { counted } from '../system/summary'
import type { Finding } from './finding'
import type { PatientImages, Patients } from './patients'

/** Patients that a sentence names. */
const named = 3

/**
 * One finding on patients with images of two classes, and, where parts are known, one on patients in two parts.
 * @param patients as `findPatients` found them
 * @example look.describePatients(await look.findPatients(ct, { split: parts })).map(({ sentence }) => sentence)
 */
export function describePatients(patients: Patients): Finding[] {
  if (patients.by === 'none' || patients.patients === 0) return [unknownPatients(patients)]
  return [twoClasses(patients), ...(patients.split === null ? [] : [twoParts(patients)])]
}

function unknownPatients({ images }: Patients): Finding {
  return {
    question: 'patients', verdict: 'unknown',
    sentence: `No patient of the ${counted(images, 'image')} is known, so whether one is on two sides of a split or in two `
      + 'classes cannot be looked for: groups.csv or a pattern on file names can name them.',
  }
}

function twoClasses(patients: Patients): Finding {
  const { by, inTwoClasses } = patients
  if (inTwoClasses.length === 0) return notSeen(patients, 'has images of two classes', by === 'number block'
    ? 'Number blocks are cut class by class, so this says nothing about patients.' : '')
  const found = inTwoClasses.map(patient => ({ patient, words: patient.classes.join(' and ') }))
  const start = `${share(patients, inTwoClasses.length)} images of two classes or more: ${list(found)}.`
  if (inTwoClasses.length > patients.patients / 2)
    return { question: 'patients', verdict: 'unknown', sentence: `${start} As most have, labels seem to be those of images, `
      + 'not of patients: which of them contradict each other cannot be told.' }
  return {
    question: 'patients', verdict: 'fault', meaning: 'Labels of the same patient contradict each other',
    sentence: `${start} Their finding changed, or a label is wrong, or two patients share a name.`,
  }
}

function twoParts(patients: Patients): Finding {
  const { by, inTwoParts } = patients
  if (inTwoParts.length === 0) return notSeen(patients, 'has images in two parts', '')
  const found = inTwoParts.map(patient => ({ patient, words: patient.parts.join(' and ') }))
  const meaning = by === 'number block'
    ? 'Blocks of file numbers stand in for patients, so recognizing a patient most likely pays.'
    : 'Recognizing a patient pays.'
  return {
    question: 'patients', verdict: 'fault',
    sentence:
      `${share(patients, inTwoParts.length)} images in two parts of the split or more: ${list(found)}. ${meaning}`,
  }
}

/** 'clear', or 'unknown' where some images' patients are not known or the groups can show nothing. */
function notSeen(patients: Patients, what: string, limit: string): Finding {
  const { unknown, images } = patients
  const rest = unknown > 0 ? ` The patient of ${unknown} of ${counted(images, 'image')} is not known.` : ''
  const single = patients.single === patients.patients ? ' Each has one image.' : ''
  return {
    question: 'patients', verdict: unknown > 0 || limit ? 'unknown' : 'clear',
    sentence: `None of ${countPatients(patients)} ${what}.${single}${rest}${limit && ` ${limit}`}`,
  }
}

/** '3 of 48 patients have' */
function share(patients: Patients, count: number): string {
  return `${count} of ${countPatients(patients)} ${count === 1 ? 'has' : 'have'}`
}

/** '48 patients', '40 number blocks', '12 patients named by file names' */
function countPatients({ by, patients }: Patients): string {
  return by === 'file name' ? `${counted(patients, 'patient')} named by file names` : counted(patients, by)
}

/** 'patient 03 (train and test), patient 07 (…) and 5 more' */
function list(found: readonly { patient: PatientImages; words: string }[]): string {
  const words = found.slice(0, named).map(({ patient, words }) => `${patient.patient} (${words})`)
  return words.join(', ') + (found.length > named ? ` and ${found.length - named} more` : '')
}
