/** The exercises of 10-your-own-images. */
import { groupReader } from '../../data/layouts/group-pattern'
import { exercise, exerciseFunction, exerciseNear, type Exercises } from './exercise'

/** File names as in a published set of X-ray images: person, kind of pneumonia, number of the image. */
const files = ['person23_bacteria_78.jpeg', 'person23_bacteria_79.jpeg', 'person230_virus_431.jpeg', 'person2_virus_23.jpeg'] as const

export const yourOwnImages: Exercises = {
  'the patient in a file name': exercise('string', answer => {
    const read = groupReader(answer)
    const groups = files.map(read)
    const unread = groups.indexOf(null)
    if (unread >= 0) return `It does not match ${files[unread]}.`
    const [first, again, ...others] = groups
    if (first !== again) return `It takes two images of person 23 for two people: “${first}” and “${again}”.`
    const mistaken = others.findIndex((name, i) => name === first || others.indexOf(name) < i)
    return mistaken < 0 || `It takes different people for one, “${others[mistaken]}”.`
  }),
  'no mistake in thirty': exerciseNear(1 - 0.05 ** (1 / 30), 0.0055, {
    low: 'Too low: with that share, thirty right answers in a row would happen more often than once in twenty.',
    high: 'Too high: with that share, thirty right answers in a row would happen less often than once in twenty.',
  }),
  'called with a threshold': exerciseFunction([
    { given: [[0.7, 0.3], 0, 0.5], expected: 0, about: 'a positive class far above the threshold' },
    { given: [[0.3, 0.7], 0, 0.2], expected: 0, about: 'a positive class above a low threshold, though another is likelier' },
    { given: [[0.25, 0.75], 0, 0.25], expected: 0, about: 'a probability that is exactly the threshold' },
    { given: [[0.6, 0.3, 0.1], 0, 0.8], expected: 1, about: 'the likeliest class, where it is the positive one and below the threshold' },
    { given: [[0.1, 0.2, 0.7], 1, 0.5], expected: 2, about: 'three classes, the positive one below the threshold' },
  ]),
}
