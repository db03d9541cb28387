"""PyTorch as a contender. Arguments: 'channels-last' for that layout, 'folded' to fold batch normalization."""
import sys

import torch
from torch.nn.functional import cross_entropy

from inputs import BETAS, RATE, TRIAL_STEPS, epsilon_at, images, labels, threads
from torch_resnet50 import ResNet50, fold
from serve import serve, timed

LAYOUT = torch.channels_last if 'channels-last' in sys.argv else torch.contiguous_format


def set_up(task):
    torch.set_num_threads(threads())
    work = {'step': step, 'forward': forward}[task['kind']](task)
    return {'version': f'PyTorch {torch.__version__}', **work}


def batch(task):
    """Images [batch, 3, size, size] in the contender's layout, and their labels."""
    shape = (task['batch'], task['size'], task['size'], 3)
    x = torch.from_numpy(images('images', shape)).permute(0, 3, 1, 2).contiguous(memory_format=LAYOUT)
    return x, torch.tensor(labels(task['batch']))


def forward(task):
    x, _ = batch(task)
    model = ResNet50().eval()
    if 'folded' in sys.argv:
        fold(model)
    model = model.to(memory_format=LAYOUT)

    def run():
        with torch.inference_mode():
            return model(x).numpy()

    return {'outputs': {'logits': run().ravel().tolist()}, 'measure': timed(run)}


def step(task):
    x, y = batch(task)
    model = ResNet50(frozen_through=task.get('frozenThrough')).to(memory_format=LAYOUT)
    with torch.inference_mode():
        logits = model.eval()(x).numpy().ravel().tolist()
    model.train()
    optimizer = Adam(model)

    def run():
        optimizer.zero_grad()
        loss = cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    return {'outputs': {'logits': logits, 'losses': [run() for _ in range(TRIAL_STEPS)]}, 'measure': timed(run)}


class Adam:
    """torch.optim.Adam with Keras's ε: where PyTorch adds it, it is another one at each step."""

    def __init__(self, model):
        trainable = [parameter for parameter in model.parameters() if parameter.requires_grad]
        self.adam = torch.optim.Adam(trainable, RATE, BETAS)
        self.steps = 0

    def zero_grad(self):
        self.adam.zero_grad()

    def step(self):
        self.steps += 1
        self.adam.param_groups[0]['eps'] = epsilon_at(self.steps)
        self.adam.step()


if __name__ == '__main__':
    serve(set_up)
