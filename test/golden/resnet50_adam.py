"""Makes resnet50-adam.json: three steps of Keras's Adam on the ResNet50 of resnet50.py, in training mode, in float64.

With 6 added to every β, so that ReLU lets everything pass, and with small rates: otherwise three steps magnify
float32's rounding until nothing can be compared (Keras in float32 strays as far from Keras in float64 as any other
program). What the next batch norm subtracts again, biases and most βs, has gradient zero by calculus and stays
where it was to 1e-9; it is left out, since rounding noise alone moves it in float32.

Losses before each step and after the last; what each parameter and moving average has moved by, at hashed positions.
"""
import keras
import numpy as np
import tensorflow as tf

from hash import images, positions
from resnet50 import IMAGES, LABELS, digits, linear, write

VARIANTS = {'default': {'learning_rate': 1e-5}, 'reference': {'learning_rate': 3e-5, 'epsilon': 0.1}}
STEPS = 3
SAMPLED = 8


def steps(settings):
    outputs = linear()
    model = keras.Model(outputs.input, outputs.output[-1])
    for weight in model.weights:
        if weight.path.endswith('/beta'):
            weight.assign(np.asarray(weight) + 6)
    before = {weight.path: np.asarray(weight).copy() for weight in model.weights}
    optimizer = keras.optimizers.Adam(**settings)
    batch, one_hot = images('images', IMAGES), np.eye(2)[LABELS]
    losses = []
    for _ in range(STEPS):
        with tf.GradientTape() as tape:
            loss = cross_entropy(one_hot, model(batch, training=True))
        losses.append(digits(float(loss)))
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
    final = cross_entropy(one_hot, model(batch, training=False))
    moved = {weight.path: np.asarray(weight) - before[weight.path] for weight in model.weights}
    return {'settings': settings, 'losses': losses, 'inferenceLossAfter': digits(float(final)),
            'moved': {path: digits(change.ravel()[positions(path, change.size, SAMPLED)])
                      for path, change in moved.items() if abs(change).max() > 1e-9}}


def cross_entropy(one_hot, logits):
    return keras.ops.mean(keras.losses.categorical_crossentropy(one_hot, logits, from_logits=True))


if __name__ == '__main__':
    write('resnet50-adam.json', {name: steps(settings) for name, settings in VARIANTS.items()})
