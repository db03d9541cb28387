/**
 * NVIDIA's driver and the environment variables of its libraries. Plain JavaScript: the set-up asks before anything is
 * installed.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const driverFile = '/proc/driver/nvidia/version'

/** Whether this machine has an NVIDIA driver. Looks only for files. */
export function hasNvidiaDriver(path = process.env.PATH ?? '') {
  return existsSync(driverFile) || path.split(':').some(folder => folder && existsSync(join(folder, 'nvidia-smi')))
}

/** The driver's version, such as '580.159'; null where the driver does not tell. */
export function driverVersion(file = driverFile) {
  if (!existsSync(file)) return null
  return readFileSync(file, 'utf8').match(/Kernel Module.*?\s(\d+(?:\.\d+)+)\s/)?.[1] ?? null
}

/**
 * The variables that NVIDIA's libraries and XLA read, without those that the user has set: one card, counted as
 * nvidia-smi counts; what the driver compiles is stored in the project; XLA finds its compiler and its library of
 * functions, which are parts of the engine. Of several cards that the user or Slurm makes visible, the first computes:
 * TensorFlow.js would put tensors on the last one and run operations on the first. XLA's path is added to other flags.
 * @param {string} root the project's folder
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {Record<string, string>}
 */
export function cardVariables(root, environment = process.env) {
  const compiler = join(root, '.engine', 'gpu', 'nvidia', 'cuda_nvcc')
  const variables = {
    CUDA_VISIBLE_DEVICES: environment.LAB_ENGINE === 'native' ? '' : '0',
    CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
    CUDA_CACHE_PATH: join(root, '.cache', 'cuda'),
    // The largest that the driver allows. For cards newer than TensorFlow, all its kernels are compiled at first use.
    CUDA_CACHE_MAXSIZE: String(4 * 1024 ** 3),
    ...(existsSync(compiler) && { XLA_FLAGS: `--xla_gpu_cuda_data_dir="${compiler}"` }),
  }
  const { CUDA_VISIBLE_DEVICES: cards, XLA_FLAGS: flags } = environment
  return {
    ...Object.fromEntries(Object.entries(variables).filter(([name]) => environment[name] === undefined)),
    ...(cards?.includes(',') && { CUDA_VISIBLE_DEVICES: cards.split(',')[0].trim() }),
    ...(flags !== undefined && variables.XLA_FLAGS && !flags.includes('xla_gpu_cuda_data_dir')
      && { XLA_FLAGS: `${flags} ${variables.XLA_FLAGS}` }),
  }
}

/**
 * Why no card is looked for: the user hides them, or there is no driver. Null where TensorFlow looks for one.
 * @param {NodeJS.ProcessEnv} [environment]
 */
export function noCardToFind({ LAB_ENGINE, CUDA_VISIBLE_DEVICES, PATH } = process.env) {
  if (LAB_ENGINE === 'native' || LAB_ENGINE === 'wasm') return `LAB_ENGINE=${LAB_ENGINE} asks for none`
  if (CUDA_VISIBLE_DEVICES === '') return 'CUDA_VISIBLE_DEVICES names none'
  return hasNvidiaDriver(PATH) ? null : 'no NVIDIA driver on this machine'
}

/**
 * TensorFlow's lowest level of messages, for TF_CPP_MIN_LOG_LEVEL: '2' shows errors. TensorFlow's build for cards
 * reports a card that it does not find as an error; where none is to be found, '3' leaves only what ends the process.
 * @param {boolean} forCards whether TensorFlow's build for cards is loaded
 * @param {NodeJS.ProcessEnv} [environment]
 */
export function logLevel(forCards, environment = process.env) {
  return forCards && noCardToFind(environment) ? '3' : '2'
}
