/** All notebooks' exercises. A new notebook's are added here. */
import type { Exercises } from './exercise'

export const allExercises: Exercises = {}
