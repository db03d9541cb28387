/** What decides how a processor computes: oneDNN and Eigen choose kernels by it, and other kernels round otherwise. */
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'

/** Instructions of vectors and matrices, as Linux names them. */
const vectorFlag = /^(sse4|ssse3|avx|fma|f16c|amx|asimd|sve|neon|bf16|i8mm)/

/** Variables by which a user chooses other kernels. XLA's path to its own compiler decides nothing. */
const kernelVariable = /^(TF_ENABLE_ONEDNN_OPTS|TF_ONEDNN_.*|ONEDNN_.*|DNNL_.*|TF_XLA_FLAGS|XLA_FLAGS)$/
const compilerPath = /\s*--xla_gpu_cuda_data_dir=("[^"]*"|\S*)/g

/** The processor's model and vector instructions, such as 'AMD EPYC 9R14: avx avx2 …'. */
export function processorName(file = '/proc/cpuinfo'): string {
  let facts = ''
  try {
    facts = readFileSync(file, 'utf8')
  } catch {
    // Not Linux: the model alone.
  }
  const flags = facts.match(/^(?:flags|Features)\s*:(.*)$/m)?.[1].split(' ').filter(flag => vectorFlag.test(flag)) ?? []
  return [cpus()[0]?.model.trim() ?? 'unknown', ...(flags.length ? [[...new Set(flags)].sort().join(' ')] : [])].join(': ')
}

/** The set variables that choose kernels, such as { ONEDNN_MAX_CPU_ISA: 'AVX2' }. */
export function kernelVariables(environment: NodeJS.ProcessEnv = process.env): Record<string, string> {
  return Object.fromEntries(Object.keys(environment).filter(name => kernelVariable.test(name)).sort().flatMap(name => {
    const words = environment[name]!.replace(compilerPath, '').trim()
    return words ? [[name, words]] : []
  }))
}
