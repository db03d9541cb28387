// danfo.js asks for TensorFlow.js with the native binding. Where there is none, or where WebAssembly is asked for,
// TensorFlow.js without one does what danfo.js needs.
module.exports = process.env.LAB_ENGINE === 'wasm' ? require('@tensorflow/tfjs') : native()

function native() {
  try {
    return require('@tensorflow/tfjs-node-gpu')
  } catch {
    return require('@tensorflow/tfjs')
  }
}
