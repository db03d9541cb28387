"""Makes contrastive.json: the decoupled contrastive loss and its gradient by PyTorch's autograd, in float64.

Written from the equation in Yeh et al., "Decoupled contrastive learning" (2022): InfoNCE over both views of each image,
without the positive pair in the denominator. Projections are hashed; rows i and n + i are two views of image i, the
second pulled towards the first, so that some are found and some are not.

Beside it what SimCLR's own loss (torch's cross-entropy over the similarities) would be, to show that they differ; and
the spread and participation ratio of the covariance, from NumPy's eigenvalues.
"""
import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from hash import uniform

CASES = {'few': (3, 5, 0.2), 'many': (16, 32, 0.1), 'warm': (8, 16, 1.0)}


def projections(name, images, width):
    first, second = uniform(f'{name} first', images * width), uniform(f'{name} second', images * width)
    return np.float32(np.concatenate([first, 0.4 * first + second])).reshape(2 * images, width)


def case(name, images, width, temperature):
    rows = torch.tensor(projections(name, images, width), dtype=torch.float64, requires_grad=True)
    z = F.normalize(rows)
    similarities = z @ z.T / temperature
    views = 2 * images
    partner = (torch.arange(views) + images) % views
    own = torch.eye(views, dtype=torch.bool)
    pair = F.one_hot(partner, views).bool()
    positive = similarities[pair]
    loss = (similarities.masked_fill(own | pair, -torch.inf).logsumexp(1) - positive).mean()
    loss.backward()
    without_itself = similarities.masked_fill(own, -torch.inf)
    unit = z.detach().numpy()
    eigenvalues = np.linalg.eigvalsh(np.cov(unit.T, bias=True))
    return {
        'images': images, 'width': width, 'temperature': temperature, 'loss': digits(loss.item()),
        'simclr': digits(F.cross_entropy(without_itself, partner).item()),
        'found': digits((without_itself.argmax(1) == partner).double().mean().item()),
        'gradient': [digits(value) for value in rows.grad.flatten().tolist()],
        'spread': digits(np.sqrt((unit.std(0) ** 2).mean()) * np.sqrt(width)),
        'dimensions': digits(eigenvalues.sum() ** 2 / (eigenvalues ** 2).sum()),
    }


def digits(value):
    return float(f'{value:.9g}')


if __name__ == '__main__':
    golden = {'torch': torch.__version__, 'cases': {name: case(name, *settings) for name, settings in CASES.items()}}
    text = json.dumps(golden, separators=(',', ':')).replace('},"', '},\n"')
    pathlib.Path(__file__).with_name('contrastive.json').write_text(text + '\n')
