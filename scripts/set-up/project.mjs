/** The project's paths, and the environment variables of every program that it runs. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cardVariables, hasNvidiaDriver, logLevel } from '../../src/lib/system/card.mjs'

export { hasNvidiaDriver }

/** The project's folder. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** A path inside the project. @param {...string} parts */
export const inProject = (...parts) => join(root, ...parts)

/**
 * The pack from which this folder was unpacked (docs/without-a-network.md); null in a clone. An unpacked folder
 * downloads nothing.
 * @type {{ commit: string, committed: string, variant: 'cpu' | 'gpu', pythons: readonly [number, number] } | null}
 */
export const packed = existsSync(inProject('.pack', 'about.json'))
  ? JSON.parse(readFileSync(inProject('.pack', 'about.json'), 'utf8')) : null

/** The Python of the project's virtual environment, which has JupyterLab. */
export const venvPython = inProject('.venv', 'bin', 'python')

/** Whether a graphics card is to compute: LAB_ENGINE decides; without it, an NVIDIA driver means yes. */
export function wantsCard(requested = process.env.LAB_ENGINE, driver = hasNvidiaDriver()) {
  return requested ? requested === 'gpu' : driver
}

/**
 * The TensorFlow in use: 'gpu' (CUDA) or 'cpu'. The build for cards computes on processors, too: if only this one is
 * installed, processors use it, and no other is fetched.
 * @param {string} [requested] the value of LAB_ENGINE
 * @param {boolean} [driver] whether there is an NVIDIA driver
 * @param {(variant: 'cpu' | 'gpu') => boolean} [installed]
 */
export function engineVariant(requested = process.env.LAB_ENGINE, driver = hasNvidiaDriver(), installed = isInstalled) {
  // A pack has only one of them.
  if (packed) return packed.variant
  return wantsCard(requested, driver) || (installed('gpu') && !installed('cpu')) ? 'gpu' : 'cpu'
}

function isInstalled(variant) {
  return existsSync(inProject('.engine', variant, '.made-from'))
}

/** The full path of a program, or null. */
export function onPath(program, path = process.env.PATH ?? '') {
  const found = path.split(':').filter(Boolean).map(folder => join(folder, program)).find(existsSync)
  return found ?? null
}

/**
 * How the GNU C library allocates memory: in large pages, from one pool that reuses freed memory; blocks of 32 MiB or
 * more come directly from the system and go back to it. With 224 × 224 pixels, a training step needs a sixth less
 * memory with these settings. The library reads them when a process starts, and ignores unknown names.
 */
const megabyte = 1024 ** 2
const memory = ['hugetlb=1', 'arena_max=1', `mmap_threshold=${32 * megabyte}`, `trim_threshold=${256 * megabyte}`]
  .map(setting => `glibc.malloc.${setting}`).join(':')

/**
 * The environment variables of the project's programs. With them, nothing is written outside the project: caches,
 * Jupyter's settings and its run-time files lie in it. Other variables of the user stay as they are.
 */
export function environment() {
  const jupyter = (...parts) => inProject('.jupyter', ...parts)
  const variables = {
    ...process.env,
    npm_config_cache: inProject('.cache', 'npm'),
    PIP_CACHE_DIR: inProject('.cache', 'pip'),
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PIP_NO_INPUT: '1',
    PYTHONNOUSERSITE: '1',
    XDG_CACHE_HOME: inProject('.cache'),
    // pip asks a Rust compiler for its version, and rustup's compiler then makes a folder in the home folder.
    RUSTUP_HOME: inProject('.cache', 'rustup'),
    JUPYTER_PATH: jupyter('share', 'jupyter'),
    JUPYTER_CONFIG_DIR: jupyter('config'),
    JUPYTER_DATA_DIR: jupyter('data'),
    JUPYTER_RUNTIME_DIR: jupyter('runtime'),
    IPYTHONDIR: jupyter('ipython'),
    ...cardVariables(root),
    TF_CPP_MIN_LOG_LEVEL: process.env.TF_CPP_MIN_LOG_LEVEL ?? logLevel(engineVariant() === 'gpu'),
    GLIBC_TUNABLES: process.env.GLIBC_TUNABLES ?? memory,
  }
  const libraries = cudaLibraries()
  if (libraries.length)
    variables.LD_LIBRARY_PATH = [...libraries, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':')
  return variables
}

/** The folders of NVIDIA's libraries, which TensorFlow opens by name while it runs; none for the CPU build. */
function cudaLibraries() {
  if (engineVariant() !== 'gpu') return []
  const parts = ['cublas', 'cuda_cupti', 'cuda_nvrtc', 'cuda_runtime', 'cudnn', 'cufft', 'cusolver',
    'cusparse', 'nvjitlink']
  return parts.map(part => inProject('.engine', 'gpu', 'nvidia', part, 'lib')).filter(existsSync)
}
