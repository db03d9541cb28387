/** Sentences for whoever is watching: of something that went wrong, and did not stop the work. */

/**
 * Tells the user, on the error output.
 * @param sentence what happened and what it means for the work, such as 'The disk is full; the run goes on unsaved.'
 */
export function notice(sentence: string): void {
  console.warn(sentence)
}
