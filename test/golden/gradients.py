"""Makes gradients.json: gradients of ResNet50's loss by PyTorch's autograd, in float64.

The network is written here a second time, from the description of Keras's layout: strides on the first 1×1
of a block, ε 1.001e-5, biases in all convolutions. Batch 4, mean softmax cross-entropy with the labels of resnet50.py.

Three times: in training mode as it is ('training'); with 6 added to every β, so that ReLU, whose inputs are then 6 ± 1,
lets everything pass ('positive'); and with batch norm by its moving averages ('fixed').

A gradient of up to 2 million numbers is stored as its norm and its projections on eight directions, so that every
number counts. 'single' tells how far PyTorch's own float32 lies from its float64, as a share of the norm: rounding flips
the sign of some inputs of ReLU, and batch norm over few numbers magnifies that from stage to stage.

What batch norm subtracts again has gradient zero by calculus: the biases of convolutions in training mode, and most βs
where ReLU lets everything pass. These are left out.
"""
import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from hash import images, projections, tensor

IMAGES = (4, 64, 64, 3)
LABELS = [0, 1, 1, 0]
EPSILON = 1.001e-5
STACKS = [('conv2', 64, 3, 1), ('conv3', 128, 4, 2), ('conv4', 256, 6, 2), ('conv5', 512, 3, 2)]


class Network:
    """ResNet50 with average pooling and a dense layer; parameters are hashed."""

    def __init__(self, training, lift=0, dtype=torch.float64):
        self.training, self.lift, self.dtype = training, np.float32(lift), dtype
        self.parameters = {}

    def parameter(self, name, shape, trained=True):
        """In Keras's layout: kernels are height, width, in, out."""
        values = tensor(name, shape)
        if name.endswith('/beta'):
            values += self.lift
        value = torch.tensor(values).to(self.dtype)
        if trained:
            self.parameters[name] = value.requires_grad_()
        return value

    def convolution(self, x, name, size, out, stride=1, padding=0):
        kernel = self.parameter(f'{name}/kernel', (size, size, x.shape[1], out)).permute(3, 2, 0, 1)
        return F.conv2d(x, kernel, self.parameter(f'{name}/bias', (out,)), stride, padding)

    def batch_norm(self, x, name):
        shape = (x.shape[1],)
        mean, variance = (self.parameter(f'{name}/moving_{word}', shape, False) for word in ('mean', 'variance'))
        gamma, beta = (self.parameter(f'{name}/{word}', shape, self.training) for word in ('gamma', 'beta'))
        return F.batch_norm(x, mean, variance, gamma, beta, training=self.training, eps=EPSILON)

    def block(self, x, name, width, stride, projected):
        """A bottleneck: 1×1, 3×3, 1×1, added to its input or to the projection of it."""
        short = x
        if projected:
            short = self.batch_norm(self.convolution(x, f'{name}_0_conv', 1, 4 * width, stride), f'{name}_0_bn')
        x = F.relu(self.batch_norm(self.convolution(x, f'{name}_1_conv', 1, width, stride), f'{name}_1_bn'))
        x = F.relu(self.batch_norm(self.convolution(x, f'{name}_2_conv', 3, width, 1, 1), f'{name}_2_bn'))
        x = self.batch_norm(self.convolution(x, f'{name}_3_conv', 1, 4 * width), f'{name}_3_bn')
        return F.relu(short + x)

    def scores(self, x):
        x = F.relu(self.batch_norm(self.convolution(x, 'conv1_conv', 7, 64, 2, 3), 'conv1_bn'))
        x = F.max_pool2d(x, 3, 2, 1)
        for stack, width, blocks, stride in STACKS:
            for i in range(1, blocks + 1):
                x = self.block(x, f'{stack}_block{i}', width, stride if i == 1 else 1, i == 1)
        kernel, bias = self.parameter('predictions/kernel', (x.shape[1], 2)), self.parameter('predictions/bias', (2,))
        return x.mean((2, 3)) @ kernel + bias

    def gradients(self):
        """The loss, and its gradient with respect to every parameter."""
        batch = torch.tensor(images('images', IMAGES)).to(self.dtype).permute(0, 3, 1, 2)
        loss = F.cross_entropy(self.scores(batch), torch.tensor(LABELS))
        loss.backward()
        return loss, {name: value.grad for name, value in self.parameters.items()}



def golden_case(**settings):
    loss, all_gradients = Network(**settings).gradients()
    double = {name: gradient for name, gradient in all_gradients.items() if gradient.norm() > 1e-9}
    _, single = Network(**settings, dtype=torch.float32).gradients()
    distances = [((single[name] - double[name]).norm() / double[name].norm()).item() for name in double]
    return {'loss': digits(loss.item()),
            'single': {'median': digits(np.median(distances)), 'largest': digits(max(distances))},
            'gradients': {name: {'norm': digits(gradient.norm().item()),
                                 'projections': [digits(p) for p in projections(name, gradient)]}
                          for name, gradient in double.items()}}


def digits(value):
    return float(f'{value:.9g}')


if __name__ == '__main__':
    golden = {'torch': torch.__version__, 'fixed': golden_case(training=False),
              'positive': golden_case(training=True, lift=6), 'training': golden_case(training=True)}
    text = json.dumps(golden, separators=(',', ':')).replace('},"', '},\n"')
    pathlib.Path(__file__).with_name('gradients.json').write_text(text + '\n')
