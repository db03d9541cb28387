"""Makes hash.json: what hash.py computes, for hash.ts to meet bit for bit."""
import hashlib
import json
import pathlib

from hash import images, positions, tensor

SHAPES = {
    'conv1_conv/kernel': (7, 7, 3, 64), 'conv1_conv/bias': (64,), 'conv1_bn/gamma': (64,), 'conv1_bn/beta': (64,),
    'conv1_bn/moving_mean': (64,), 'conv1_bn/moving_variance': (64,), 'conv5_block3_2_conv/kernel': (3, 3, 512, 512),
    'predictions/kernel': (2048, 2),
}


def sha256(array):
    return hashlib.sha256(array.astype('<f4').tobytes()).hexdigest()


values = {
    'tensors': {name: {'shape': shape, 'sha256': sha256(tensor(name, shape)),
                       'first': tensor(name, shape).ravel()[:4].astype(float).tolist()}
                for name, shape in SHAPES.items()},
    'images': {'shape': [4, 64, 64, 3], 'sha256': sha256(images('images', (4, 64, 64, 3)))},
    'positions': [int(p) for p in positions('conv1_relu', 65536, 8)],
}
pathlib.Path(__file__).with_name('hash.json').write_text(json.dumps(values, indent=1) + '\n')
