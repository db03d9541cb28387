"""Makes class-weights.json: PyTorch's cross-entropy with class weights and label smoothing, and its gradient, in float64;
and stochastic gradient descent with one learning rate a parameter group.

The numbers are hashed: see hash.py.
"""
import json
import pathlib

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from hash import uniform

ROWS, CLASSES = 7, 3
LABELS = [0, 2, 1, 1, 0, 1, 1]
WEIGHTS = [0.5, 1.25, 3.0]


def rounded(values):
    return [float(f'{v:.12g}') for v in np.ravel(values)]


def loss_of(weights, smoothing):
    scores = torch.tensor(4 * uniform('class weights', ROWS * CLASSES).astype(np.float64).reshape(ROWS, CLASSES))
    scores.requires_grad_(True)
    loss = cross_entropy(scores, torch.tensor(LABELS), weight=torch.tensor(weights, dtype=torch.float64),
                         label_smoothing=smoothing)
    loss.backward()
    return {'weights': weights, 'smoothing': smoothing, 'loss': float(f'{loss.item():.12g}'),
            'gradient': rounded(scores.grad)}


def grouped_steps():
    start = uniform('group start', 4).astype(np.float64)
    one, two = (torch.nn.Parameter(torch.tensor(start.copy())) for _ in range(2))
    optimizer = torch.optim.SGD([{'params': [one], 'lr': 0.1}, {'params': [two], 'lr': 0.1 / 2.6}], momentum=0.9)
    after = []
    for step in range(4):
        gradient = torch.tensor(uniform(f'group gradient {step}', 4).astype(np.float64))
        one.grad, two.grad = gradient.clone(), gradient.clone()
        optimizer.step()
        after.append([rounded(one.detach()), rounded(two.detach())])
    return {'start': rounded(start), 'gradients': [rounded(uniform(f'group gradient {s}', 4)) for s in range(4)],
            'after': after}


golden = {
    'scores': rounded(4 * uniform('class weights', ROWS * CLASSES)), 'labels': LABELS,
    'losses': [loss_of(WEIGHTS, 0.0), loss_of(WEIGHTS, 0.1), loss_of([1.0, 1.0, 1.0], 0.1)],
    'groups': grouped_steps(), 'torch': torch.__version__,
}
path = pathlib.Path(__file__).with_suffix('.json')
path.write_text(json.dumps(golden, indent=1) + '\n', encoding='utf-8')
