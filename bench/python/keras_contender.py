"""Keras on TensorFlow as a contender: keras.applications.ResNet50 in a tf.function."""
import os

from inputs import BETAS, EPSILON, RATE, TRIAL_STEPS, images, labels, on_card, tensor, threads
from serve import Unavailable, serve, timed

os.environ['CUDA_VISIBLE_DEVICES'] = ''


def set_up(task):
    if on_card():
        raise Unavailable('this library computes on a graphics card, and this Keras only on processors')
    try:
        import tensorflow
        import keras
    except ImportError as missing:
        raise Unavailable(f'this Python has no {missing.name}') from None
    tensorflow.config.threading.set_intra_op_parallelism_threads(threads())
    work = {'step': step, 'forward': forward}[task['kind']](task, keras, tensorflow)
    return {'version': f'Keras {keras.__version__} on TensorFlow {tensorflow.__version__}', **work}


def build(keras, size, frozen_through=None):
    """The network with the hashed weights; class scores without softmax."""
    body = keras.applications.ResNet50(weights=None, include_top=False, input_shape=(size, size, 3), pooling='avg')
    for layer in frozen_layers(body, frozen_through):
        layer.trainable = False
    scores = keras.layers.Dense(2, name='predictions')(body.output)
    model = keras.Model(body.input, scores)
    for weight in model.weights:
        weight.assign(tensor(weight.path, weight.shape))
    return model


def frozen_layers(body, through):
    """The layers up to the end of a stage."""
    if not through:
        return []
    names = [layer.name for layer in body.layers]
    last = max(i for i, name in enumerate(names) if name.startswith(f'{through}_'))
    return body.layers[:last + 1]


def batch(task, tensorflow):
    shape = (task['batch'], task['size'], task['size'], 3)
    return tensorflow.constant(images('images', shape)), tensorflow.constant(labels(task['batch']))


def forward(task, keras, tensorflow):
    x, _ = batch(task, tensorflow)
    model = build(keras, task['size'])
    scores = tensorflow.function(lambda: model(x, training=False))

    def run():
        return scores().numpy()

    return {'outputs': {'logits': run().ravel().tolist()}, 'measure': timed(run)}


def step(task, keras, tensorflow):
    x, y = batch(task, tensorflow)
    model = build(keras, task['size'], task.get('frozenThrough'))
    logits = model(x, training=False).numpy().ravel().tolist()
    optimizer = keras.optimizers.Adam(RATE, *BETAS, epsilon=EPSILON)
    optimizer.build(model.trainable_variables)
    cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    @tensorflow.function
    def train():
        with tensorflow.GradientTape() as tape:
            loss = cross_entropy(y, model(x, training=True))
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
        return loss

    def run():
        return float(train())

    return {'outputs': {'logits': logits, 'losses': [run() for _ in range(TRIAL_STEPS)]}, 'measure': timed(run)}


if __name__ == '__main__':
    serve(set_up)
