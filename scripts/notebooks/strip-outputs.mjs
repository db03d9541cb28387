/** A git filter: reads a notebook and writes it without outputs, execution counts and editors' metadata. */
import { readFileSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A notebook's text as git stores it. @param {string} text JSON, nbformat 4.5 */
export function strip(text) {
  const { cells, nbformat, nbformat_minor } = JSON.parse(text)
  const metadata = {
    kernelspec: { display_name: 'TypeScript', language: 'typescript', name: 'tslab' },
    language_info: { file_extension: '.ts', mimetype: 'text/typescript', name: 'typescript' },
  }
  const bare = cells.map(({ cell_type, id, metadata, source }) => {
    const tags = metadata?.tags?.length ? { tags: metadata.tags } : {}
    const common = { id, metadata: tags }
    // Keys in the order in which Jupyter itself writes them.
    return cell_type === 'code'
      ? { cell_type, execution_count: null, ...common, outputs: [], source: lines(source) }
      : { cell_type, ...common, source: lines(source) }
  })
  return `${JSON.stringify({ cells: bare, metadata, nbformat, nbformat_minor }, null, 1)}\n`
}

/** A cell's source as a list of lines. The format allows a list of lines and one text. */
function lines(source) {
  const text = Array.isArray(source) ? source.join('') : source
  return text.match(/[^\n]*\n|[^\n]+/g) ?? []
}

if (realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) process.stdout.write(strip(readFileSync(0, 'utf8')))
