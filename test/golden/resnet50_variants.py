"""Makes resnet50-variants.json: what published networks compute with hashed weights, 1,000 classes and all.

'v1' is keras.applications.ResNet50 with its top, 'v1.5' torchvision's resnet50: both in float64, in inference mode.
Weights are hashed by Keras's names; torchvision's convolutions have no bias. Of v1.5 also: gradients of the mean
cross-entropy with CLASSES, as gradients.py stores them, and the names and shapes in which torchvision and Hugging
Face's transformers keep it. Beside them, what Keras makes of pixels before they enter a network ('preprocessing').
"""
import json
import os
import pathlib

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
os.environ['CUDA_VISIBLE_DEVICES'] = ''
import keras
import numpy as np
import torch
import torchvision
from transformers import ResNetConfig, ResNetForImageClassification

from hash import images, positions, projections, tensor
from torch_names import keras_name, keras_shape, to_keras, to_torch

IMAGES = (2, 64, 64, 3)
CLASSES = [3, 997]
PIXELS = (2, 2, 3)
STAGES = {'layer1': 'conv2_block3_out', 'layer2': 'conv3_block4_out', 'layer3': 'conv4_block6_out', 'layer4': 'conv5_block3_out'}
WATCHED = ['conv1_conv/kernel', 'conv3_block1_0_conv/kernel', 'conv3_block1_1_conv/kernel', 'conv3_block1_2_conv/kernel',
           'conv5_block1_2_conv/kernel', 'conv5_block3_3_conv/kernel', 'predictions/kernel']


def with_top():
    """Scores of Keras's network."""
    keras.backend.set_floatx('float64')
    start = keras.Input(IMAGES[1:])
    model = keras.applications.ResNet50(weights=None, input_tensor=start, classifier_activation=None)
    for weight in model.weights:
        weight.assign(tensor(weight.path, weight.shape))
    return sample('scores v1', model(images('images', IMAGES), training=False))


def later():
    """Version 1.5."""
    model = torchvision.models.resnet50().double().eval()
    parameters = {name: value for name, value in model.state_dict().items() if value.is_floating_point()}
    model.load_state_dict({name: to_torch(tensor(keras_name(name), keras_shape(value.shape))).double()
                           for name, value in parameters.items()}, strict=False)
    stages = {}
    for layer, name in STAGES.items():
        getattr(model, layer).register_forward_hook(
            lambda _, __, out, name=name: stages.update({name: sample(name, out.detach().permute(0, 2, 3, 1).numpy())}))
    scores = model(torch.tensor(images('images', IMAGES)).double().permute(0, 3, 1, 2))
    torch.nn.functional.cross_entropy(scores, torch.tensor(CLASSES)).backward()
    gradients = {keras_name(name): to_keras(value.grad) for name, value in model.named_parameters()}
    other = ResNetForImageClassification(ResNetConfig(num_labels=1000)).state_dict()
    return {
        'stages': stages, 'scores': sample('scores v1.5', scores.detach().numpy()),
        'gradients': {name: {'norm': digits(gradients[name].norm().item()),
                             'projections': digits(projections(name, gradients[name].contiguous()))} for name in WATCHED},
        'torchvision': {name: list(value.shape) for name, value in parameters.items()},
        'transformers': {name: list(value.shape) for name, value in other.items() if value.is_floating_point()},
    }


def preprocessing():
    pixels = np.floor(images('pixels', PIXELS) * 256).astype('float64')
    mode = keras.applications.imagenet_utils.preprocess_input
    return {'pixels': pixels.ravel().astype(int).tolist(),
            **{name: digits(mode(pixels.copy(), data_format='channels_last', mode=name)) for name in ('caffe', 'torch')}}


def sample(name, values):
    """Shape, mean, standard deviation and the values at 64 hashed positions."""
    values = np.asarray(values)
    return {'shape': list(values.shape), 'mean': digits(values.mean()), 'deviation': digits(values.std()),
            'values': digits(values.ravel()[positions(name, values.size, 64)])}


def digits(values):
    """Nine significant digits: finer than float32."""
    return float(f'{values:.9g}') if np.ndim(values) == 0 else [float(f'{v:.9g}') for v in np.ravel(values)]


if __name__ == '__main__':
    golden = {'keras': keras.__version__, 'torchvision': torchvision.__version__.split('+')[0], 'images': list(IMAGES),
              'classes': CLASSES, 'v1': {'scores': with_top()}, 'v1.5': later(), 'preprocessing': preprocessing()}
    text = json.dumps(golden, separators=(',', ':')).replace('],"', '],\n"')
    pathlib.Path(__file__).with_name('resnet50-variants.json').write_text(text + '\n')
