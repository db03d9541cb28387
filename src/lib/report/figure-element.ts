/** A figure of a notebook on the report's page: linked, described, with its files. */
import { html, type Html } from '../display/html'
import type { Figure } from '../display/figures/figure'

/** @param folder the run's folder under results/, where figures/NAME.svg and figures/NAME.png lie */
export function figureElement(folder: string, { name, title, alt, svg }: Figure): Html {
  const [, width, height] = /^<svg[^>]* width="(\d+)" height="(\d+)"/.exec(svg) ?? []
  const size = width ? html` width="${width}" height="${height}"` : ''
  const path = `${encodeURIComponent(folder)}/figures/${encodeURIComponent(name)}`
  return html`<figure${Number(width) > 480 && html` class="wide"`}><img src="${path}.svg" alt="${alt}"${size}><figcaption>${title} · <a href="${path}.svg"
 aria-label="${title} as SVG">SVG</a> · <a href="${path}.png" aria-label="${title} as PNG">PNG</a></figcaption></figure>`
}
