"""Makes optimizers.json: Keras's Adam, AdamW and SGD, in float64, on a small vector with given gradients.

The gradients are hashed numbers of very different sizes, so that ε matters for some: element i of step s is
uniform('gradient s')[i] · 10^(-i). Each run tells the vector after every step.
"""
import os

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
os.environ['CUDA_VISIBLE_DEVICES'] = ''
import json
import pathlib

import keras
import numpy as np

from hash import uniform

keras.backend.set_floatx('float64')
COUNT, STEPS = 8, 5
RUNS = {
    'adam': keras.optimizers.Adam(learning_rate=0.001),
    'adam as in the reference': keras.optimizers.Adam(learning_rate=0.003, epsilon=0.1),
    'adamw': keras.optimizers.AdamW(learning_rate=0.001, weight_decay=0.05),
    'sgd': keras.optimizers.SGD(learning_rate=0.01),
    'sgd with momentum': keras.optimizers.SGD(learning_rate=0.01, momentum=0.9),
}


def run(optimizer):
    variable = keras.Variable(uniform('start', COUNT), name='vector')
    after = []
    for step in range(STEPS):
        optimizer.apply([keras.ops.convert_to_tensor(gradient(step))], [variable])
        after.append([float(f'{v:.12g}') for v in np.asarray(variable)])
    config = optimizer.get_config()
    names = ('learning_rate', 'beta_1', 'beta_2', 'epsilon', 'weight_decay', 'momentum')
    return {'settings': {name: config[name] for name in names if config.get(name) is not None}, 'after': after}


def gradient(step):
    return uniform(f'gradient {step}', COUNT) * 10.0 ** -np.arange(COUNT)


if __name__ == '__main__':
    golden = {'keras': keras.__version__, 'start': uniform('start', COUNT).tolist(),
              'gradients': [gradient(step).tolist() for step in range(STEPS)],
              'runs': {name: run(optimizer) for name, optimizer in RUNS.items()}}
    text = json.dumps(golden, separators=(',', ':')).replace('],', '],\n')
    pathlib.Path(__file__).with_name('optimizers.json').write_text(text + '\n')
