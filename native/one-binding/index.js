// danfo.js requires this package. It re-exports TensorFlow.js with the project's native binding, so that the process
// loads one binding only. If the binding cannot be loaded, or LAB_ENGINE=wasm chooses WebAssembly, it re-exports
// TensorFlow.js without a binding, which is enough for danfo.js.
module.exports = process.env.LAB_ENGINE === 'wasm' ? require('@tensorflow/tfjs') : native()

function native() {
  try {
    return require('@tensorflow/tfjs-node-gpu')
  } catch {
    return require('@tensorflow/tfjs')
  }
}
