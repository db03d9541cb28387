"""Makes gradients.json: the gradient of every parameter of ResNet50 by PyTorch's autograd, in float64.

The network is written here a second time, from the description of Keras's layout: strides on the first 1×1
of a block, ε 1.001e-5, biases in all convolutions. Batch 4, training mode, mean softmax cross-entropy with the
labels of resnet50.py. The gradient of a convolution's bias before a batch norm is zero by calculus (checked: below
1e-12 here, where others' norms are above .1), so it is not stored.
"""
import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from hash import images, positions, tensor

IMAGES = (4, 64, 64, 3)
LABELS = [0, 1, 1, 0]
EPSILON = 1.001e-5
STACKS = [('conv2', 64, 3, 1), ('conv3', 128, 4, 2), ('conv4', 256, 6, 2), ('conv5', 512, 3, 2)]
parameters = {}


def parameter(name, shape):
    """A hashed parameter in Keras's layout (kernels height, width, in, out)."""
    parameters[name] = torch.tensor(tensor(name, shape).astype(np.float64), requires_grad=True)
    return parameters[name]


def convolution(x, name, size, out, stride=1, padding=0):
    kernel = parameter(f'{name}/kernel', (size, size, x.shape[1], out)).permute(3, 2, 0, 1)
    return F.conv2d(x, kernel, parameter(f'{name}/bias', (out,)), stride, padding)


def batch_norm(x, name):
    gamma, beta = (parameter(f'{name}/{word}', (x.shape[1],)) for word in ('gamma', 'beta'))
    return F.batch_norm(x, None, None, gamma, beta, training=True, eps=EPSILON)


def block(x, name, width, stride, projected):
    """A bottleneck: 1×1, 3×3, 1×1, added to its input or to the projection of it."""
    short = x
    if projected:
        short = batch_norm(convolution(x, f'{name}_0_conv', 1, 4 * width, stride), f'{name}_0_bn')
    x = F.relu(batch_norm(convolution(x, f'{name}_1_conv', 1, width, stride), f'{name}_1_bn'))
    x = F.relu(batch_norm(convolution(x, f'{name}_2_conv', 3, width, 1, 1), f'{name}_2_bn'))
    x = batch_norm(convolution(x, f'{name}_3_conv', 1, 4 * width), f'{name}_3_bn')
    return F.relu(short + x)


def resnet50(x):
    x = F.relu(batch_norm(convolution(x, 'conv1_conv', 7, 64, 2, 3), 'conv1_bn'))
    x = F.max_pool2d(x, 3, 2, 1)
    for stack, width, blocks, stride in STACKS:
        for i in range(1, blocks + 1):
            x = block(x, f'{stack}_block{i}', width, stride if i == 1 else 1, i == 1)
    kernel, bias = parameter('predictions/kernel', (x.shape[1], 2)), parameter('predictions/bias', (2,))
    return x.mean((2, 3)) @ kernel + bias


def sample(name, gradient):
    at = positions(name, gradient.numel(), 8).astype(int)
    values = gradient.reshape(-1)[at].tolist()
    return {'norm': float(f'{gradient.norm():.9g}'), 'values': [float(f'{v:.9g}') for v in values]}


if __name__ == '__main__':
    batch = torch.tensor(images('images', IMAGES).astype(np.float64), requires_grad=True)
    loss = F.cross_entropy(resnet50(batch.permute(0, 3, 1, 2)), torch.tensor(LABELS))
    loss.backward()
    biases = [value for name, value in parameters.items() if name.endswith('conv/bias')]
    assert all(value.grad.norm() < 1e-12 for value in biases)
    golden = {'torch': torch.__version__, 'loss': float(f'{loss:.9g}'), 'images': sample('images', batch.grad),
              'gradients': {name: sample(name, value.grad) for name, value in parameters.items()
                            if not name.endswith('conv/bias')}}
    text = json.dumps(golden, separators=(',', ':')).replace('},"', '},\n"')
    pathlib.Path(__file__).with_name('gradients.json').write_text(text + '\n')
