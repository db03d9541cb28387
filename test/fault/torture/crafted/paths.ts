/** Paths that lead to no file that could be read: folders, pipes, sockets, devices, links, odd names. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { openFolder } from '../../../../src/lib/data/folder'
import { keepDataset } from '../../../../src/lib/data/kept/keep'
import { readPlan } from '../../../../src/lib/experiments/plans/plan-file'
import { readTransferRows } from '../../../../src/lib/experiments/plans/pretraining/recorded'
import { readImageFile } from '../../../../src/lib/images/image-file'
import { archiveFiles } from '../../../../src/lib/system/archive'
import { hashFile } from '../../../../src/lib/system/hash'
import { readHdf5 } from '../../../../src/lib/weights/formats/hdf5-thread'
import { readWeightsFile } from '../../../../src/lib/weights/formats/weights-file'
import { readProjectWeights } from '../../../../src/lib/weights/project-weights'
import { openModel } from '../../../../src/lib/weights/saved/open-model'
import { deepPng } from '../../../fixtures/png'
import type { Crafted } from './crafted'

/** What a path leads to, and how it is made. */
const things: Readonly<Record<string, (path: string) => void>> = {
  'nothing': () => {}, 'a folder': path => mkdirSync(path), 'a pipe': path => execFileSync('mkfifo', [path]),
  'a socket': path => { createServer().listen(path).unref() },
  'a device without end': path => symlinkSync('/dev/zero', path), 'a full device': path => symlinkSync('/dev/full', path),
  'a link to nothing': path => symlinkSync('nowhere', path), 'a link to itself': path => symlinkSync(path, path),
  'an empty file': path => writeFileSync(path, ''), 'a file that says it is empty': path => symlinkSync('/proc/kallsyms', path),
}

const readers: Readonly<Record<string, readonly [file: string, read: (path: string) => Promise<unknown>]>> = {
  'an image': ['a.png', path => readImageFile(path)], 'a volume': ['a.nii.gz', path => readImageFile(`${path}#1`)],
  'a model': ['a.h5', openModel], 'a folder of a model': ['model.json', path => openModel(join(path, '..'))],
  'weights': ['a.safetensors', path => readWeightsFile(path, [])], 'own weights': ['a.tensors', readProjectWeights],
  'HDF5': ['a.h5', readHdf5], 'a plan': ['a.json', readPlan], 'a zip': ['a.zip', async path => { for await (const _ of archiveFiles(path)) void _ }],
  'a set of a zip': ['a.zip', path => keepDataset('made-up', path)], 'a set of a table': ['a.csv', path => keepDataset('made-up', path)],
}

const notFiles = Object.entries(readers).flatMap(([what, [file, read]]) => Object.entries(things)
  .filter(([thing]) => !(thing === 'a folder' && what === 'a folder of a model'))
  .map(([thing, make]): Crafted => ({
    name: `${thing} in place of ${what}`,
    write(folder) {
      mkdirSync(folder, { recursive: true })
      make(join(folder, file))
    },
    read: folder => read(join(folder, file)),
  })))
const hashes = ['a pipe', 'a device without end'].map((thing): Crafted => ({
  name: `${thing} whose hash is asked for`,
  write: folder => { mkdirSync(folder, { recursive: true }); things[thing](join(folder, 'a')) },
  read: folder => hashFile(join(folder, 'a')),
}))
const rows = ['a folder', 'a pipe', 'a device without end'].map((thing): Crafted => ({
  name: `${thing} in place of recorded rows`,
  write: folder => { mkdirSync(folder, { recursive: true }); things[thing](join(folder, 'a.csv')) },
  read: folder => readTransferRows(join(folder, 'a.csv')),
}))

function writeImages(folder: string): void {
  for (const label of ['a', 'b']) {
    mkdirSync(join(folder, label), { recursive: true })
    for (const i of [1, 2]) writeFileSync(join(folder, label, `${i}.png`), deepPng(Uint16Array.of(i, 2, 3, 4), 2))
  }
}

/** A folder of images in which one is something else. */
const among = Object.entries(things).map(([thing, make]): Crafted => ({
  name: `${thing} among images`, mayBeRead: true,
  write(folder) {
    writeImages(folder)
    make(join(folder, 'a', '3.png'))
  },
  read: async folder => (await openFolder(folder)).items.length,
}))
const oddNames = ['x'.repeat(251) + '.png', 'a\nb.png', '-rf.png', '$(touch x).png', 'a\u202eb.png', ' .png'].map((name): Crafted => ({
  name: `an image called ${JSON.stringify(name.slice(0, 20))}`, mayBeRead: true,
  write(folder) {
    writeImages(folder)
    writeFileSync(join(folder, 'a', name), deepPng(Uint16Array.of(5, 2, 3, 4), 2))
  },
  read: async folder => keepDataset('made-up', folder),
}))
const invalid: Crafted = {
  name: 'an image whose name is no text', mayBeRead: true,
  write(folder) {
    writeImages(folder)
    writeFileSync(Buffer.concat([Buffer.from(join(folder, 'a/')), Buffer.from('ff2e706e67', 'hex')]), deepPng(Uint16Array.of(5, 2, 3, 4), 2))
  },
  read: async folder => keepDataset('made-up', folder),
}

export const craftedPaths: readonly Crafted[] = [...notFiles, ...hashes, ...rows, ...among, ...oddNames, invalid]
