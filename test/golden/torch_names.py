"""What Keras calls the arrays of torchvision's ResNet50, and how each of the two lays out kernels."""
import json
import pathlib
import re

import torch

PARTS = {'running_mean': 'moving_mean', 'running_var': 'moving_variance'}
PLACES = {'conv1': '1_conv', 'bn1': '1_bn', 'conv2': '2_conv', 'bn2': '2_bn', 'conv3': '3_conv', 'bn3': '3_bn',
          'downsample.0': '0_conv', 'downsample.1': '0_bn'}


def torchvision_shapes():
    """Names and shapes as torchvision has them, from resnet50-variants.json; counters left out."""
    return json.loads(pathlib.Path(__file__).with_name('resnet50-variants.json').read_text())['v1.5']['torchvision']


def keras_name(name):
    """Of one of torchvision's arrays."""
    layer, part = name.rsplit('.', 1)
    kernel = layer == 'fc' or re.search(r'conv\d$|downsample.0$', layer)
    part = PARTS.get(part) or {'weight': 'kernel' if kernel else 'gamma', 'bias': 'bias' if kernel else 'beta'}[part]
    inside = re.fullmatch(r'layer(\d)\.(\d)\.(.+)', layer)
    if not inside:
        return f"{ {'conv1': 'conv1_conv', 'bn1': 'conv1_bn', 'fc': 'predictions'}[layer]}/{part}"
    return f'conv{int(inside[1]) + 1}_block{int(inside[2]) + 1}_{PLACES[inside[3]]}/{part}'


def keras_shape(shape):
    """[height, width, in, out] or [in, out] of PyTorch's [out, in, height, width] or [out, in]."""
    return [*shape[2:], shape[1], shape[0]] if len(shape) == 4 else list(shape[::-1])


def to_torch(values):
    """An array in Keras's layout, as PyTorch lays it out."""
    values = torch.tensor(values)
    return (values.permute(3, 2, 0, 1) if values.dim() == 4 else values.T if values.dim() == 2 else values).contiguous()


def to_keras(values):
    return values.permute(2, 3, 1, 0) if values.dim() == 4 else values.T if values.dim() == 2 else values
