"""Asked by export.test.ts: what Keras and safetensors make of exported files. Question and answer are JSON.

Each file is given the two hashed images of its size; the answer is what the network says, and the last layer's name.
"""
import json
import os
import sys

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
os.environ['CUDA_VISIBLE_DEVICES'] = ''
import keras
import numpy as np

from hash import images, tensor


def opened(path, how, size, classes):
    """A model from a file: whole, or the weights in Keras's own ResNet50 with its head ('top') or without ('stages')."""
    if how == 'whole':
        return keras.models.load_model(path)
    top = {'include_top': True, 'classes': classes} if how == 'top' else {'include_top': False}
    model = keras.applications.ResNet50(weights=None, input_shape=(size, size, 3), **top)
    model.load_weights(path)
    return model


def said(path, how, size, classes):
    model = opened(path, how, size, classes)
    values = model(images('exported', (2, size, size, 3)).astype('float32'), training=False)
    return {'values': np.ravel(values).astype(float).tolist(), 'last': model.layers[-1].name}


def wrong_arrays(path):
    """Names whose array is not the hashed one, by the safetensors package; null where that is not installed."""
    try:
        from safetensors.numpy import load_file
    except ImportError:
        return None
    arrays = load_file(path)
    return [name for name, array in arrays.items() if not np.array_equal(array, tensor(name, array.shape).astype('float32'))]


def main():
    question = json.load(sys.stdin)
    answer = {'said': [said(**one) for one in question['models']], 'wrong': wrong_arrays(question['safetensors'])}
    json.dump({'keras': keras.__version__, **answer}, sys.stdout)


if __name__ == '__main__':
    main()
