"""Makes resnet50.json: what Keras's ResNet50 computes with the weights and images of hash.py.

Keras runs in float64, so the stored figures are right to all their digits and a test measures only
the rounding of the library. Images: 4 × 64 × 64 × 3 in [0, 1). Names and order of layers are Keras's.
"""
import json
import os
import pathlib

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
os.environ['CUDA_VISIBLE_DEVICES'] = ''
import keras
import numpy as np
from keras import layers

from hash import images, positions, tensor

IMAGES = (4, 64, 64, 3)
STAGES = ['conv1_relu', 'pool1_pool', 'conv2_block3_out', 'conv3_block4_out', 'conv4_block6_out', 'conv5_block3_out']
LABELS = np.array([0, 1, 1, 0])
SAMPLED = 64
keras.backend.set_floatx('float64')


def base(stem):
    """ResNet50 without top on a tensor."""
    return keras.applications.ResNet50(weights=None, include_top=False, input_tensor=stem)


def linear():
    """ResNet50, global average pooling, dense 2 softmax; and the outputs of the stages."""
    start = keras.Input(IMAGES[1:])
    body = base(start)
    pooled = layers.GlobalAveragePooling2D(name='avg_pool')(body.output)
    logits = layers.Dense(2, name='predictions')(pooled)
    model = keras.Model(start, [body.get_layer(name).output for name in STAGES] + [pooled, logits])
    return set_weights(model)


def reference():
    """The reference notebook's stem and head around the same ResNet50."""
    start = keras.Input(IMAGES[1:])
    body = base(layers.Conv2D(3, 3, padding='same', name='stem_conv')(start))
    x = layers.GlobalAveragePooling2D(name='avg_pool')(body.output)
    x = layers.BatchNormalization(name='head_bn1')(x)
    x = layers.Dropout(0.5)(x)
    x = layers.Dense(256, activation='relu', name='head_dense')(x)
    x = layers.BatchNormalization(name='head_bn2')(x)
    x = layers.Dropout(0.5)(x)
    x = layers.Dense(2, name='predictions')(x)
    return set_weights(keras.Model(start, x))


def set_weights(model):
    for weight in model.weights:
        weight.assign(tensor(weight.path, weight.shape))
    return model


def sample(name, values):
    """Shape, mean, standard deviation and the values at hashed positions."""
    values = np.asarray(values)
    at = positions(name, values.size, min(SAMPLED, values.size))
    return {'shape': list(values.shape), 'mean': digits(values.mean()), 'deviation': digits(values.std()),
            'values': digits(values.ravel()[at])}


def digits(values):
    """Nine significant digits: finer than float32."""
    return float(f'{values:.9g}') if np.ndim(values) == 0 else [float(f'{v:.9g}') for v in np.ravel(values)]


def losses(logits):
    one_hot = np.eye(2)[LABELS]
    return {str(smoothing): digits(float(keras.ops.mean(keras.losses.categorical_crossentropy(
        one_hot, logits, from_logits=True, label_smoothing=smoothing)))) for smoothing in (0, 0.1)}


def run(model, batch, training):
    *stages, logits = model(batch, training=training)
    values = {name: sample(name, stage) for name, stage in zip(STAGES + ['avg_pool'], stages)}
    probabilities = keras.ops.softmax(logits)
    return {'stages': values, 'logits': digits(logits), 'probabilities': digits(probabilities), 'loss': losses(logits)}


def main():
    batch = images('images', IMAGES)
    model = linear()
    inference = run(model, batch, False)
    training = run(model, batch, True)  # also moves the averages, by one step
    averages = {w.path: {'values': digits(np.ravel(w)[positions(w.path, w.shape[0], 4)])}
                for w in model.weights if 'moving' in w.path}
    full = reference()
    logits = full(batch, training=False)
    golden = {
        'images': list(IMAGES), 'labels': LABELS.tolist(),
        'tensors': {w.path: list(w.shape) for w in model.weights},
        'inference': inference, 'training': training, 'movingAverages': averages,
        'reference': {
            'parameters': full.count_params(),
            'tensors': {w.path: list(w.shape) for w in full.weights if w.path.startswith(('stem', 'head'))},
            'logits': digits(logits), 'probabilities': digits(keras.ops.softmax(logits)),
        },
        'withoutTop': base(keras.Input(IMAGES[1:])).count_params(),
    }
    write('resnet50.json', golden)


def write(name, golden):
    """JSON with one list a line, so that a changed value is one changed line."""
    text = json.dumps({'keras': keras.__version__, **golden}, separators=(',', ':'))
    pathlib.Path(__file__).with_name(name).write_text(text.replace('],"', '],\n"') + '\n')


if __name__ == '__main__':
    main()
