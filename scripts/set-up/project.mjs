/** Where everything lies, and the surroundings in which every program of the project runs. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** A path inside the project. @param {...string} parts */
export const inProject = (...parts) => join(root, ...parts)

/** The project's own Python, which has JupyterLab. */
export const venvPython = inProject('.venv', 'bin', 'python')

/** Which TensorFlow is in use: 'gpu' (CUDA) or 'cpu'. LAB_ENGINE=gpu|native decides, else an NVIDIA driver does. */
export function engineVariant(wanted = process.env.LAB_ENGINE) {
  if (wanted === 'gpu') return 'gpu'
  if (wanted) return 'cpu'
  return hasNvidiaDriver() ? 'gpu' : 'cpu'
}

/** Whether this machine has an NVIDIA driver, found without running anything. */
export function hasNvidiaDriver() {
  return existsSync('/proc/driver/nvidia/version') || onPath('nvidia-smi') !== null
}

/** The full path of a program, or null. */
export function onPath(program, path = process.env.PATH ?? '') {
  const found = path.split(':').filter(Boolean).map(folder => join(folder, program)).find(existsSync)
  return found ?? null
}

/**
 * How the GNU C library gives memory to training: in large pages, from one pool that keeps what is given back, and
 * blocks of 32 MiB or more straight from the system and to it. With 224 × 224 pixels a step takes a sixth less memory
 * so. Read when a process starts; unknown names are passed over.
 */
const megabyte = 1024 ** 2
const memory = ['hugetlb=1', 'arena_max=1', `mmap_threshold=${32 * megabyte}`, `trim_threshold=${256 * megabyte}`]
  .map(setting => `glibc.malloc.${setting}`).join(':')

/**
 * Environment variables under which nothing is written outside the project: caches, Jupyter's settings and its
 * run-time files all lie in it. What the user has set otherwise stays as it is.
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
    // pip asks a Rust compiler for its version, and rustup's makes a folder in the home folder to answer.
    RUSTUP_HOME: inProject('.cache', 'rustup'),
    JUPYTER_PATH: jupyter('share', 'jupyter'),
    JUPYTER_CONFIG_DIR: jupyter('config'),
    JUPYTER_DATA_DIR: jupyter('data'),
    JUPYTER_RUNTIME_DIR: jupyter('runtime'),
    IPYTHONDIR: jupyter('ipython'),
    TF_CPP_MIN_LOG_LEVEL: process.env.TF_CPP_MIN_LOG_LEVEL ?? '2',
    GLIBC_TUNABLES: process.env.GLIBC_TUNABLES ?? memory,
  }
  const libraries = cudaLibraries()
  if (libraries.length)
    variables.LD_LIBRARY_PATH = [...libraries, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':')
  return variables
}

/** The folders of NVIDIA's libraries, which TensorFlow opens by name while it runs; none for the other engine. */
function cudaLibraries() {
  if (engineVariant() !== 'gpu') return []
  const parts = ['cublas', 'cuda_cupti', 'cuda_nvrtc', 'cuda_runtime', 'cudnn', 'cufft', 'curand', 'cusolver',
    'cusparse', 'nccl', 'nvjitlink']
  return parts.map(part => inProject('.engine', 'gpu', 'nvidia', part, 'lib')).filter(existsSync)
}
