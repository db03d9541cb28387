/** Makes a set's manifest from its archive: npx tsx scripts/maintenance/make-manifest.ts ZIP data/manifests/NAME.csv */
import { archiveFiles } from '../../src/lib/system/archive'
import { describeImage, formatManifest } from '../../src/lib/data/manifest'
import type { ManifestRow } from '../../src/lib/data/manifest'
import { writeFileAtomic } from '../../src/lib/system/files'

async function main([archive, manifest]: string[]): Promise<void> {
  const rows: ManifestRow[] = []
  for await (const file of archiveFiles(archive)) rows.push(await describeImage(file.name, await file.read()))
  rows.sort((a, b) => (a.name < b.name ? -1 : 1))
  await writeFileAtomic(manifest, formatManifest(rows))
  console.log(`${rows.length} images → ${manifest}`)
}

main(process.argv.slice(2)).catch(error => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
