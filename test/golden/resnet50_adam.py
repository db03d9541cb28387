"""Makes resnet50-adam.json: three steps of Keras's Adam on the ResNet50 of resnet50.py, in training mode.

Losses before each step and after the last; every parameter and moving average at four hashed positions
after the last. In float64 the gradient of a convolution's bias before a batch norm is zero to 1e-17 and the
bias stays where it was, as calculus has it. (In Keras's float32, rounding noise would move it under Adam.)
"""
import keras
import numpy as np
import tensorflow as tf

from hash import images, positions
from resnet50 import IMAGES, LABELS, digits, linear, write

VARIANTS = {'default': {'learning_rate': 0.001}, 'reference': {'learning_rate': 0.003, 'epsilon': 0.1}}
STEPS = 3


def steps(settings):
    outputs = linear()
    model = keras.Model(outputs.input, outputs.output[-1])
    optimizer = keras.optimizers.Adam(**settings)
    batch, one_hot = images('images', IMAGES), np.eye(2)[LABELS]
    losses = []
    for _ in range(STEPS):
        with tf.GradientTape() as tape:
            loss = cross_entropy(one_hot, model(batch, training=True))
        losses.append(digits(float(loss)))
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
    after = {w.path: digits(np.ravel(w)[positions(w.path, int(np.prod(w.shape)), 4)]) for w in model.weights}
    final = cross_entropy(one_hot, model(batch, training=False))
    return {'settings': settings, 'losses': losses, 'inferenceLossAfter': digits(float(final)), 'after': after}


def cross_entropy(one_hot, logits):
    return keras.ops.mean(keras.losses.categorical_crossentropy(one_hot, logits, from_logits=True))


if __name__ == '__main__':
    write('resnet50-adam.json', {name: steps(settings) for name, settings in VARIANTS.items()})
