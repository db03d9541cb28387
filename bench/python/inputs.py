"""The weights, images and settings that all contenders share. ../inputs.ts has the same in TypeScript."""
import math
import os
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).parents[2] / 'test' / 'golden'))
from hash import images, tensor  # noqa: E402  the tests' hashed numbers, the same in both languages

__all__ = ['BETAS', 'COMPARED', 'EPSILON', 'RATE', 'TRIAL_STEPS', 'epsilon_at', 'images', 'labels', 'on_card', 'tensor',
           'threads']

RATE = 1e-4
BETAS = (0.9, 0.999)
EPSILON = 0.1
TRIAL_STEPS = 4
COMPARED = 16


def epsilon_at(step):
    """Keras's ε for an Adam that adds ε after the bias correction, as PyTorch's does. Steps count from 1."""
    return EPSILON / math.sqrt(1 - BETAS[1] ** step)


def labels(count):
    return [i % 2 for i in range(count)]


def threads():
    return int(os.environ['LAB_THREADS'])


def on_card():
    """Whether this project's library computes on a graphics card."""
    return os.environ.get('LAB_DEVICE') == 'card'
