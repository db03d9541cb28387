"""Makes attribution.json: heat maps by PyTorch in float64, on hashed weights and two hashed grey images.

Grad-CAM, occlusion and integrated gradients are captum's, Grad-CAM++ the paper's formula on PyTorch's gradients.
ResNet50 of quarter width at 64 × 64 with three classes, and with two. Grad-CAM's maps are enlarged by PyTorch's
`interpolate`. Of each map: its Euclidean norm, its sum, and its values at 64 hashed positions.
"""
import json
import pathlib

import captum
import numpy as np
import torch
import torch.nn.functional as F
from captum.attr import IntegratedGradients, LayerGradCam, Occlusion

from gradients import STACKS, Network
from hash import images, positions

SIZE, COUNT = 64, 2
STAGES = ['stem', 'conv2', 'conv3', 'conv4', 'conv5']
# 50 + 16 lies beyond 64: the last squares are cut off.
WINDOW, STRIDE, STEPS, FILL = 16, 10, 8, 20


class Numbers(Network):
    """The layers of gradients.py, whose hashed parameters are made once."""

    def __init__(self):
        super().__init__(training=False)
        self.made = {}

    def parameter(self, name, shape, trained=True):
        if name not in self.made:
            self.made[name] = super().parameter(name, shape, trained)
        return self.made[name]


class ResNet50(torch.nn.Module):
    """Quarter width: a fourth of the channels everywhere."""

    def __init__(self, classes):
        super().__init__()
        self.numbers, self.classes = Numbers(), classes
        self.ends = torch.nn.ModuleDict({stage: torch.nn.Identity() for stage in STAGES})

    def forward(self, x):
        layers = self.numbers
        x = F.relu(layers.batch_norm(layers.convolution(x, 'conv1_conv', 7, 16, 2, 3), 'conv1_bn'))
        x = self.ends['stem'](F.max_pool2d(x, 3, 2, 1))
        for stack, width, blocks, stride in STACKS:
            for i in range(1, blocks + 1):
                x = layers.block(x, f'{stack}_block{i}', width // 4, stride if i == 1 else 1, i == 1)
            x = self.ends[stack](x)
        kernel = layers.parameter('predictions/kernel', (x.shape[1], self.classes))
        return x.mean((2, 3)) @ kernel + layers.parameter('predictions/bias', (self.classes,))


def plus_plus(model, batch, stage, explained):
    """Grad-CAM++ by its equations; α is 0 where the gradient is 0."""
    kept = []
    hook = model.ends[stage].register_forward_hook(lambda _, __, out: kept.append(out))
    score = model(batch)[:, explained].sum()
    hook.remove()
    a, = kept
    g, = torch.autograd.grad(score, a)
    below = 2 * g ** 2 + g ** 3 * a.sum((2, 3), keepdim=True)
    alpha = torch.where(g == 0, 0, g ** 2 / torch.where(g == 0, 1, below))
    weights = (alpha * F.relu(g)).sum((2, 3), keepdim=True)
    return F.relu((weights * a).sum(1, keepdim=True))


def enlarged(maps):
    return F.interpolate(maps, (SIZE, SIZE), mode='bilinear', align_corners=False)


def golden(classes, explained, stages):
    model = ResNet50(classes)
    pixels = np.floor(images('attributed', (COUNT, SIZE, SIZE)) * 256)
    batch = (torch.tensor(pixels, dtype=torch.float64) / 255)[:, None].repeat(1, 3, 1, 1)
    cams = {stage: enlarged(LayerGradCam(model, model.ends[stage]).attribute(batch, explained, relu_attributions=True))
            for stage in stages}
    found = {'explained': explained, 'scores': digits(model(batch).detach()),
             'Grad-CAM': {stage: shadows(maps) for stage, maps in cams.items()},
             'Grad-CAM++': {stage: shadows(enlarged(plus_plus(model, batch, stage, explained))) for stage in stages}}
    if classes == 3:
        found['occlusion'] = shadows(Occlusion(model).attribute(
            batch, (3, WINDOW, WINDOW), (3, STRIDE, STRIDE), FILL / 255, explained, perturbations_per_eval=8)[:, :1])
        found['integrated gradients'] = shadows(IntegratedGradients(model).attribute(
            batch, FILL / 255, explained, n_steps=STEPS, method='riemann_middle').sum(1, keepdim=True))
    return found


def shadows(maps):
    """One entry an image."""
    at = positions('heat map', SIZE * SIZE, 64)
    return [{'norm': digits(m.norm()), 'sum': digits(m.sum()), 'values': digits(m.ravel()[at])} for m in maps.detach()]


def digits(values):
    values = np.asarray(values)
    return float(f'{values:.9g}') if values.ndim == 0 else [float(f'{v:.9g}') for v in values.ravel()]


if __name__ == '__main__':
    text = json.dumps({
        'torch': torch.__version__.split('+')[0], 'captum': captum.__version__, 'size': SIZE, 'count': COUNT,
        'window': WINDOW, 'stride': STRIDE, 'steps': STEPS, 'fill': FILL,
        'two': golden(2, 1, ['conv3', 'conv5']), 'three': golden(3, 2, STAGES),
    }, separators=(',', ':')).replace('},"', '},\n"').replace('],"', '],\n"')
    pathlib.Path(__file__).with_name('attribution.json').write_text(text + '\n')
