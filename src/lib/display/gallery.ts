/** Pictures behind numbers, as HTML without a script: a notebook shows it as it is, and so does the report. */

/** A piece of a page that stands alone: styles in its elements, pictures embedded, nothing loaded from elsewhere. */
export interface Gallery {
  /** Kebab-case. */
  name: string
  title: string
  /** Markup of one `<section>`, in which every text is escaped. */
  html: string
  /** The numbers in words: what a terminal shows. */
  alt: string
}
