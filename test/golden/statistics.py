"""Makes statistics.json: the mean and variance that reach each batch normalization of ResNet50, by PyTorch in float64.

The network of gradients.py, in training mode, meets four hashed images in two batches of two. What is stored is the
mean and the biased variance, over both batches together, of what each layer was given.
"""
import json
import pathlib

import torch

from gradients import IMAGES, Network, digits
from hash import images, projections


class Watched(Network):
    """Keeps what each batch normalization was given."""

    def __init__(self):
        super().__init__(training=True)
        self.given = {}

    def batch_norm(self, x, name):
        self.given.setdefault(name, []).append(x.detach())
        return super().batch_norm(x, name)


def shadow(name, values):
    return {'norm': digits(values.norm().item()), 'projections': [digits(p) for p in projections(name, values)]}


if __name__ == '__main__':
    network = Watched()
    batch = torch.tensor(images('images', IMAGES)).to(torch.float64).permute(0, 3, 1, 2)
    for half in batch.split(2):
        network.scores(half)
    golden = {'torch': torch.__version__, 'statistics': {}}
    for layer, given in network.given.items():
        all_given = torch.cat(given)
        for name, values in (('moving_mean', all_given.mean((0, 2, 3))),
                             ('moving_variance', all_given.var((0, 2, 3), unbiased=False))):
            golden['statistics'][f'{layer}/{name}'] = shadow(f'{layer}/{name}', values)
    text = json.dumps(golden, separators=(',', ':')).replace('},"', '},\n"')
    pathlib.Path(__file__).with_name('statistics.json').write_text(text + '\n')
