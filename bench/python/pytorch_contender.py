"""PyTorch as a contender.

Arguments: 'channels-last' for that layout, 'folded' to fold batch normalization, 'compiled' for torch.compile
(inductor, mode default) of the model, 'bf16' for mixed precision.

What is compared is computed without TF32, what is timed with PyTorch's default.
"""
import contextlib
import sys

import torch
from torch.nn.functional import cross_entropy

from inputs import BETAS, RATE, TRIAL_STEPS, epsilon_at, images, labels, on_card, threads
from serve import Unavailable, serve, timed
from torch_compiler import why_not
from torch_precision import full_precision
from torch_resnet50 import ResNet50, fold

DEVICE = 'cuda' if on_card() else 'cpu'
LAYOUT = torch.channels_last if 'channels-last' in sys.argv else torch.contiguous_format
COMPILED, BF16 = 'compiled' in sys.argv, 'bf16' in sys.argv


def set_up(task):
    if on_card() and not torch.cuda.is_available():
        raise Unavailable('this library computes on a graphics card, and this PyTorch sees none')
    torch.set_num_threads(threads())
    if BF16 and on_card() and not torch.cuda.is_bf16_supported(including_emulation=False):
        raise Unavailable('this graphics card does not compute in bfloat16')
    if COMPILED and (reason := why_not(torch, DEVICE)):
        raise Unavailable(f'torch.compile cannot run here: {reason}')
    work = {'step': step, 'forward': forward, 'reference-epoch': epoch, 'frozen-epoch': epoch}[task['kind']](task)
    how = ', torch.compile (inductor, mode default)' * COMPILED + ', bf16 autocast' * BF16
    return {'version': f'PyTorch {torch.__version__}, {DEVICE}{how}', **work}


def batch(task):
    """Images [batch, 3, size, size] in the contender's layout, and their labels."""
    shape = (task['batch'], task['size'], task['size'], 3)
    x = torch.from_numpy(images('images', shape)).permute(0, 3, 1, 2)
    return x.to(DEVICE).contiguous(memory_format=LAYOUT), torch.tensor(labels(task['batch']), device=DEVICE)


def placed(model):
    return model.to(DEVICE, memory_format=LAYOUT)


def as_called(model):
    """The model as this contender calls it. Its first call compiles it."""
    return torch.compile(model) if COMPILED else model


def precision():
    """Mixed precision: operations that tolerate it compute in bfloat16, weights and gradients stay float32."""
    return torch.autocast(DEVICE, torch.bfloat16) if BF16 else contextlib.nullcontext()


def forward(task):
    x, _ = batch(task)
    model = ResNet50().eval()
    if 'folded' in sys.argv:
        fold(model)
    model = as_called(placed(model))

    def run():
        with torch.inference_mode(), precision():
            return model(x).float().cpu().numpy()

    with full_precision(torch):
        logits = run().ravel().tolist()
    settle(run)
    return {'outputs': {'logits': logits}, 'measure': timed(run)}


def step(task):
    x, y = batch(task)
    model = placed(ResNet50(frozen_through=task.get('frozenThrough')))
    with full_precision(torch), torch.inference_mode(), precision():
        logits = model.eval()(x).flatten().tolist()
    model.train()
    optimizer = Adam(model)
    called = as_called(model)

    def run():
        optimizer.zero_grad()
        with precision():
            loss = cross_entropy(called(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    with full_precision(torch):
        losses = [run() for _ in range(TRIAL_STEPS)]
    settle(run)
    return {'outputs': {'logits': logits, 'losses': losses}, 'measure': timed(run)}


def settle(run):
    """With TF32, a card chooses other algorithms, which it looks for in the first run."""
    if on_card():
        run()


def epoch(task):
    # Imported here, so that OpenCV does not count as memory of a step.
    from torch_epochs import Epochs
    reference = task['kind'] == 'reference-epoch'
    model = placed(ResNet50(reference, task.get('frozenThrough')))
    optimizer = Adam(model, 0.003 if reference else 0.001)
    epochs = Epochs(task, model, optimizer, DEVICE, LAYOUT, augmented=reference)
    with full_precision(torch):
        outputs = {'imageProbabilities': epochs.first_probabilities()}
    return {'outputs': outputs, 'measure': timed(epochs.run)}


class Adam:
    """torch.optim.Adam with Keras's ε, which is another number at each step where PyTorch adds it."""

    def __init__(self, model, rate=RATE):
        trainable = [parameter for parameter in model.parameters() if parameter.requires_grad]
        self.adam = torch.optim.Adam(trainable, rate, BETAS)
        self.steps = 0

    def zero_grad(self):
        self.adam.zero_grad()

    def step(self):
        self.steps += 1
        self.adam.param_groups[0]['eps'] = epsilon_at(self.steps)
        self.adam.step()


if __name__ == '__main__':
    serve(set_up)
