/** What a page of this project may do in a browser: show itself. */
import { createHash } from 'node:crypto'
import { html, type Html } from '../display/html'

/**
 * The policy of a page, for its head. The browser runs the page's own script and no other, wherever a text may have
 * come from, and loads nothing but the pictures beside the page.
 * @param script the page's own script, exactly as it is in the page
 */
export function contentPolicy(script: string): Html {
  const hash = createHash('sha256').update(script).digest('base64')
  return html`<meta http-equiv="Content-Security-Policy" content="${[
    "default-src 'none'", `script-src 'sha256-${hash}'`, "style-src 'unsafe-inline'", "img-src 'self' file: data:",
    "base-uri 'none'", "form-action 'none'",
  ].join('; ')}">`
}
