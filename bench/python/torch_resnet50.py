"""ResNet50 version 1 in PyTorch, with Keras's names, layout and numbers: stride 2 on the first 1×1, biases in all."""
import torch
from torch import nn
from torch.nn.functional import dropout, relu
from torch.nn.utils.fusion import fuse_conv_bn_eval

from inputs import tensor

STAGES = [('conv2', 64, 3, 1), ('conv3', 128, 4, 2), ('conv4', 256, 6, 2), ('conv5', 512, 3, 2)]


class Convolution(nn.Module):
    """A convolution with the batch normalization behind it."""

    def __init__(self, name, inputs, outputs, kernel=1, stride=1):
        super().__init__()
        self.name = name
        self.convolution = nn.Conv2d(inputs, outputs, kernel, stride, padding=kernel // 2)
        self.normalization = nn.BatchNorm2d(outputs, eps=1.001e-5, momentum=0.01)

    def forward(self, x):
        return self.normalization(self.convolution(x))

    def fold(self):
        """Folds both into one convolution, with the same outputs at inference."""
        self.eval()
        self.convolution = fuse_conv_bn_eval(self.convolution, self.normalization)
        self.normalization = nn.Identity()


class Bottleneck(nn.Module):
    def __init__(self, name, inputs, filters, stride, projected):
        super().__init__()
        self.shortcut = Convolution(f'{name}_0', inputs, 4 * filters, 1, stride) if projected else nn.Identity()
        self.down = Convolution(f'{name}_1', inputs, filters, 1, stride)
        self.middle = Convolution(f'{name}_2', filters, filters, 3)
        self.up = Convolution(f'{name}_3', filters, 4 * filters)

    def forward(self, x):
        y = relu(self.down(x), inplace=True)
        y = relu(self.middle(y), inplace=True)
        y = self.up(y)
        y += self.shortcut(x)
        return relu(y, inplace=True)


class Stem(nn.Module):
    def __init__(self, reference):
        super().__init__()
        self.front = nn.Conv2d(3, 3, 3, padding=1) if reference else nn.Identity()
        self.first = Convolution('conv1', 3, 64, 7, 2)
        self.pool = nn.MaxPool2d(3, 2, 1)

    def forward(self, x):
        return self.pool(relu(self.first(self.front(x)), inplace=True))


class ReferenceHead(nn.Module):
    """The reference notebook's head: batch normalization, dropout, dense 256, and the same again."""

    def __init__(self):
        super().__init__()
        self.first = nn.BatchNorm1d(2048, eps=1e-3, momentum=0.01)
        self.dense = nn.Linear(2048, 256)
        self.second = nn.BatchNorm1d(256, eps=1e-3, momentum=0.01)
        self.predictions = nn.Linear(256, 2)

    def forward(self, x):
        x = dropout(self.first(x), 0.5, self.training)
        x = relu(self.dense(x))
        return self.predictions(dropout(self.second(x), 0.5, self.training))


class ResNet50(nn.Module):
    """Class scores for images [batch, 3, size, size], by the hashed weights.

    `frozen_through` names a stage: up to it nothing trains, and batch normalization is folded into the convolutions.
    """

    def __init__(self, reference=False, frozen_through=None):
        super().__init__()
        self.stages = nn.ModuleDict({'stem': Stem(reference)})
        inputs = 64
        for stage, filters, blocks, stride in STAGES:
            self.stages[stage] = nn.Sequential(*(
                Bottleneck(f'{stage}_block{block}', inputs if block == 1 else 4 * filters, filters,
                           stride if block == 1 else 1, block == 1)
                for block in range(1, blocks + 1)))
            inputs = 4 * filters
        self.head = ReferenceHead() if reference else nn.Linear(inputs, 2)
        load(self, reference)
        self.freeze(frozen_through)

    def forward(self, x):
        for stage in self.stages.values():
            x = stage(x)
        return self.head(x.mean((2, 3)))

    def freeze(self, through):
        names = list(self.stages)
        for name in names[:names.index(through) + 1] if through else []:
            fold(self.stages[name])
            self.stages[name].requires_grad_(False)


def fold(model):
    """Folds every batch normalization of a model into the convolution before it."""
    for module in model.modules():
        if isinstance(module, Convolution):
            module.fold()


@torch.no_grad()
def load(model, reference):
    """Gives every parameter the hashed numbers of its Keras name."""
    for module in model.modules():
        if isinstance(module, Convolution):
            load_layer(module.convolution, f'{module.name}_conv')
            load_layer(module.normalization, f'{module.name}_bn')
    if reference:
        head = model.head
        load_layer(model.stages['stem'].front, 'stem_conv')
        for name, layer in [('head_bn1', head.first), ('head_dense', head.dense), ('head_bn2', head.second)]:
            load_layer(layer, name)
    load_layer(model.head.predictions if reference else model.head, 'predictions')


def load_layer(layer, name):
    if isinstance(layer, nn.Conv2d):
        outputs, inputs, height, width = layer.weight.shape
        kernel = tensor(f'{name}/kernel', (height, width, inputs, outputs))
        layer.weight.copy_(torch.from_numpy(kernel.transpose(3, 2, 0, 1).copy()))
        layer.bias.copy_(hashed(f'{name}/bias', outputs))
    elif isinstance(layer, nn.Linear):
        outputs, inputs = layer.weight.shape
        layer.weight.copy_(torch.from_numpy(tensor(f'{name}/kernel', (inputs, outputs)).T.copy()))
        layer.bias.copy_(hashed(f'{name}/bias', outputs))
    else:
        for part, values in [('gamma', layer.weight), ('beta', layer.bias), ('moving_mean', layer.running_mean),
                             ('moving_variance', layer.running_var)]:
            values.copy_(hashed(f'{name}/{part}', values.numel()))


def hashed(name, count):
    return torch.from_numpy(tensor(name, (count,)))
