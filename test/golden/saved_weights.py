"""Makes saved-weights/: files of ResNet50's weights as other programs write them, for machines that have none of these.

Quarter width, and in each array the first 31 numbers of its name's hash over and over: packed, they are small. Run with
the packages tf_keras (Keras 2, which wrote Keras's published files), keras, h5py, torch and safetensors. That these are
read is no proof that the published files are, but that files of their layout are.
"""
import gzip
import os
import pathlib
import tempfile

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
os.environ['CUDA_VISIBLE_DEVICES'] = ''
import h5py
import keras
import numpy as np
import tf_keras
import torch
from safetensors.torch import save_file

from hash import uniform
from torch_names import keras_name, keras_shape, to_torch, torchvision_shapes

HERE = pathlib.Path(__file__).parent
TYPES = [torch.float32, torch.float16, torch.bfloat16]


def pattern(name, shape):
    """Multiples of 1/128 in [-1, 1): exact in float32, float16 and bfloat16. No variance is below 0."""
    some = np.floor(uniform(name, 31) * 128) / 128
    return np.resize(abs(some) if name.endswith('moving_variance') else some, shape).astype('float32')


def quarter(program, **options):
    """keras.applications.ResNet50 with a quarter of the filters, its numbers patterned."""
    def narrowed(layer):
        config = layer.get_config()
        if 'filters' in config:
            config['filters'] //= 4
        return type(layer).from_config(config)

    start = program.Input((64, 64, 3), name='input_layer')
    whole = program.applications.ResNet50(weights=None, input_tensor=start, **options)
    model = program.models.clone_model(whole, clone_function=narrowed)
    for layer in model.layers:
        layer.set_weights([pattern(f'{layer.name}/{part(weight)}', weight.shape) for weight in layer.weights])
    return model


def part(weight):
    """'kernel' of 'conv1_conv/kernel:0' and its like."""
    return getattr(weight, 'path', weight.name).split('/')[-1].split(':')[0]


def write_keras(folder):
    """Of Keras 2 a whole model and, as published, weights alone; of Keras 3 a model in a model and what is refused."""
    quarter(tf_keras, classes=3).save(folder / 'keras-2.h5')
    stages = quarter(tf_keras, include_top=False)
    stages.save_weights(folder / 'keras-2-weights.h5')
    as_published(folder / 'keras-2-weights.h5')
    inner = quarter(keras, include_top=False)
    outer = keras.Sequential([keras.Input((64, 64, 3)), inner, keras.layers.Flatten(), keras.layers.Dense(2)])
    outer.save(folder / 'keras-3-nested.h5')
    tiny = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, name='predictions')])
    tiny.save_weights(folder / 'numbered.weights.h5')
    tiny.save(folder / 'archive.keras')


def as_published(path):
    """When the published files were made, Keras kept names as bytes of one length, not as texts."""
    with h5py.File(path, 'r+') as file:
        for group in (file, *file.values()):
            for name, value in list(group.attrs.items()):
                if len(value) > 0:
                    group.attrs[name] = np.array(value, 'S')


def write_torch(folder):
    """As torchvision names it, one array in float32, the next in float16, the next in bfloat16; and a pickle."""
    tensors = {'bn1.num_batches_tracked': torch.tensor(100)}
    for i, (name, shape) in enumerate(torchvision_shapes().items()):
        narrow = keras_shape([n // 4 if n % 64 == 0 else n for n in shape])
        tensors[name] = to_torch(pattern(keras_name(name), narrow)).to(TYPES[i % 3])
    save_file(tensors, folder / 'torchvision.safetensors', {'format': 'pt'})
    torch.save({'fc.bias': torch.ones(2)}, folder / 'pickle.pth')


def main():
    target = HERE / 'saved-weights'
    target.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_keras(folder)
        write_torch(folder)
        for path in folder.iterdir():
            # Keras 3 notes the time in its files; packing adds none.
            (target / f'{path.name}.gz').write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


if __name__ == '__main__':
    main()
