"""Asked by weights-files.test.ts: writes ResNet50's weights as real programs save them, hashed by Keras's names.

The question in JSON: the folder to write to, and the pixels of a picture. The answer: which files came about (each
program's only where it is installed), and the five likeliest classes of the picture by keras.applications.
"""
import json
import os
import pathlib
import sys

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
os.environ['CUDA_VISIBLE_DEVICES'] = ''
import h5py
import keras
import numpy as np
from keras.src.legacy.saving.legacy_h5_format import save_weights_to_hdf5_group

from hash import tensor


def hashed(model):
    for weight in model.weights:
        weight.assign(tensor('/'.join(weight.path.split('/')[-2:]), weight.shape))
    return model


def write_keras(folder):
    """Weights alone with top, a whole model without, one inside another, and Keras 3's own layout."""
    top = hashed(keras.applications.ResNet50(weights=None))
    stages = hashed(keras.applications.ResNet50(weights=None, include_top=False, input_shape=(64, 64, 3)))
    with h5py.File(folder / 'top.h5', 'w') as file:
        save_weights_to_hdf5_group(file, top)
    stages.save(folder / 'stages.h5')
    keras.Sequential([keras.Input((64, 64, 3)), stages, keras.layers.Flatten(), keras.layers.Dense(2)]).save(folder / 'nested.h5')
    stages.save_weights(folder / 'numbered.weights.h5')
    stages.save(folder / 'archive.keras')
    return top


def best(model, pixels):
    """Names by number, since the list of names is another download."""
    side = int((len(pixels) / 3) ** 0.5)
    picture = np.array(pixels, 'float32').reshape(1, side, side, 3)
    scores = np.asarray(model(keras.applications.resnet50.preprocess_input(picture), training=False))[0]
    return [{'number': int(i), 'probability': float(scores[i])} for i in np.argsort(-scores)[:5]]


def write_torch(folder):
    """What torch.save writes, and safetensors in three types, by torchvision's names."""
    import torch
    from safetensors.torch import save_file
    from torch_names import keras_name, keras_shape, to_torch, torchvision_shapes
    tensors = {name: to_torch(tensor(keras_name(name), keras_shape(shape))) for name, shape in torchvision_shapes().items()}
    tensors['bn1.num_batches_tracked'] = torch.tensor(100)
    for kind in ('float32', 'float16', 'bfloat16'):
        save_file({name: value.to(getattr(torch, kind)) if value.is_floating_point() else value
                   for name, value in tensors.items()}, folder / f'{kind}.safetensors', {'format': 'pt'})
    torch.save(tensors, folder / 'pickle.pth')


def main():
    question = json.load(sys.stdin)
    folder = pathlib.Path(question['folder'])
    top = write_keras(folder)
    try:
        write_torch(folder)
    except ImportError:
        pass
    json.dump({'keras': keras.__version__, 'best': best(top, question['pixels']),
               'files': sorted(path.name for path in folder.iterdir())}, sys.stdout)


if __name__ == '__main__':
    main()
