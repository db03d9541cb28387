/** Models and sets from elsewhere run nothing, fetch nothing, and read nothing outside their folder. */
import { cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDataset } from '../../src/lib/data/registry'
import { LabError } from '../../src/lib/system/errors'
import { exportModel } from '../../src/lib/weights/export/export'
import { openModel } from '../../src/lib/weights/saved/open-model'
import { sealOf } from '../../src/lib/weights/saved/seal'
import { smallModel } from '../fixtures/small-network'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder(), model = path('tfjs'), secret = path('secret')
const asked: string[] = []
let server: Server, address: string
beforeAll(async () => {
  await exportModel(smallModel(), model, { format: 'tfjs' })
  writeFileSync(secret, readFileSync(join(model, 'group1-shard1of1.bin')))
  server = createServer(({ url }, answer) => { asked.push(url ?? ''); answer.end(readFileSync(secret)) })
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/shard.bin`
})
afterAll(() => { server.close() })

/** The model with a changed description, sealed anew: whoever makes a file can seal it. */
function changed(change: (json: Tfjs) => void): string {
  const folder = path(`changed ${Math.random()}`)
  cpSync(model, folder, { recursive: true })
  const json = JSON.parse(readFileSync(join(model, 'model.json'), 'utf8')) as Tfjs
  change(json)
  json.userDefinedMetadata.seal = sealOf(json.userDefinedMetadata, smallModel().weights)
  writeFileSync(join(folder, 'model.json'), JSON.stringify(json).replaceAll('"PROTO"', '"__proto__"'))
  return folder
}

interface Tfjs {
  weightsManifest: { paths: string[] }[]
  userDefinedMetadata: Record<string, unknown> & { layers: Record<string, unknown>[] }
}

test('the model opens where nothing was changed', async () =>
  expect((await openModel(changed(() => {}))).labels).toEqual(['bright', 'dark']))

test.each(['ADDRESS', 'file:///etc/hostname', '/etc/hostname', '../secret', 'SECRET', 'group1-shard1of1.bin/../../secret'])(
  'arrays in %s are not read', async place => {
    const folder = changed(json => {
      json.weightsManifest[0].paths = [place.replace('ADDRESS', address).replace('SECRET', secret)]
    })
    await expect(openModel(folder)).rejects.toThrow(/^damaged-file: .*weightsManifest/)
    expect(asked).toEqual([])
  })

test('a shard that is a link out of the folder is not read', async () => {
  const folder = changed(() => {}), shard = join(folder, 'group1-shard1of1.bin')
  rmSync(shard)
  symlinkSync(secret, shard)
  await expect(openModel(folder)).rejects.toBeInstanceOf(LabError)
})

test.each<[string, (description: Tfjs['userDefinedMetadata']) => void]>([
  ['a layer with code', ({ layers }) => { Object.assign(layers[2], { kind: 'lambda', function: 'process.exit(1)' }) }],
  ['a layer with more', ({ layers }) => { layers[2].call = 'process.exit(1)' }],
  ['another module', description => { description.module = 'child_process' }],
  ['a preprocessing with code', description => {
    description.preprocessing = { name: 'constructor', channels: 'process.exit(1)' }
  }],
  ['a prototype', description => { description.PROTO = { polluted: true } }],
  ['a prototype as a layer', ({ layers }) => { layers.push({ PROTO: { polluted: true } }) }],
])('%s in the description is refused', async (_, change) => {
  const folder = changed(json => change(json.userDefinedMetadata))
  await expect(openModel(folder)).rejects.toBeInstanceOf(LabError)
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
})

test.each(['../../secret', '/etc/hostname', 'a/../../../secret', '..'])('a set whose image is %s is refused', async name => {
  process.env.LAB_DATA_FOLDER = path('data')
  cpSync(join(__dirname, '..', 'fixtures', 'released', '0.1.0', 'data'), path('data'), { recursive: true })
  const file = path('data', 'mine', 'set.json'), set = JSON.parse(readFileSync(file, 'utf8')) as { items: { name: string }[] }
  set.items[0].name = name
  writeFileSync(file, JSON.stringify(set))
  await expect(openDataset('mine')).rejects.toMatchObject({ code: 'outside-folder' })
})
