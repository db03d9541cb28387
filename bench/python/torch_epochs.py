"""Whole epochs in PyTorch with its usual DataLoader: two workers that read ahead, augmentation in them, validation."""
import math

import cv2
import numpy
import torch
from torch.nn.functional import affine_grid, cross_entropy, grid_sample
from torch.utils.data import DataLoader, TensorDataset

from inputs import COMPARED

BATCH = 64
ROTATION, SHIFT, ZOOM = 360, 0.2, 0.2


class Epochs:
    """Trains a model epoch by epoch on the images of a task."""

    def __init__(self, task, model, optimizer, device, layout, augmented):
        self.model, self.optimizer, self.device, self.layout = model, optimizer, device, layout
        images = task['images']
        pixels, labels = read_images(images['paths']), torch.tensor(images['labels'])
        self.first = pixels[images['train'][:COMPARED]]
        self.training = loader(pixels, labels, images['train'], augmented_batch if augmented else plain_batch, True)
        self.validation = loader(pixels, labels, images['validation'], plain_batch, False)

    def first_probabilities(self):
        with torch.inference_mode():
            scores = self.model.eval()(self.placed(as_input(self.first)))
        return scores.softmax(1).flatten().tolist()

    def run(self):
        self.model.train()
        for x, y in self.training:
            self.optimizer.zero_grad()
            loss = cross_entropy(self.model(self.placed(x)), y.to(self.device))
            loss.backward()
            self.optimizer.step()
            loss.item()
        self.model.eval()
        with torch.inference_mode():
            for x, y in self.validation:
                cross_entropy(self.model(self.placed(x)), y.to(self.device)).item()

    def placed(self, x):
        return x.to(self.device, memory_format=self.layout)


def read_images(paths):
    """Bytes [count, 64, 64]: grey, resized by area."""
    small = [cv2.resize(cv2.imread(path, cv2.IMREAD_GRAYSCALE), (64, 64), interpolation=cv2.INTER_AREA)
             for path in paths]
    return torch.from_numpy(numpy.stack(small))


def loader(pixels, labels, places, collate, training):
    # Batch normalization cannot train on a batch of one image, which the last batch may be.
    return DataLoader(TensorDataset(pixels[places], labels[places]), BATCH, shuffle=training, drop_last=training,
                      collate_fn=collate, num_workers=2, prefetch_factor=2, persistent_workers=True)


def plain_batch(items):
    pixels, labels = zip(*items)
    return as_input(torch.stack(pixels)), torch.stack(labels)


def augmented_batch(items):
    """Rotates, shifts, zooms and flips all images of a batch at once, which is faster than one by one."""
    x, labels = plain_batch(items)
    grid = affine_grid(random_transforms(len(items)), [len(items), 1, 64, 64], align_corners=True)
    grey = grid_sample(x[:, :1], grid, mode='bilinear', padding_mode='border', align_corners=True)
    return grey.expand_as(x).contiguous(), labels


def random_transforms(count):
    """Affine matrices [count, 2, 3]: the reference notebook's augmentation."""
    angle = (2 * torch.rand(count) - 1) * ROTATION * math.pi / 180
    zoom = 1 + (2 * torch.rand(count, 2) - 1) * ZOOM
    flip = torch.randint(0, 2, (count, 2)) * 2 - 1
    cosine, sine = torch.cos(angle), torch.sin(angle)
    turn = torch.stack([cosine, sine, -sine, cosine], 1).view(count, 2, 2)
    # Coordinates run from -1 to 1: a shift by the whole side is 2.
    shift = 2 * (2 * torch.rand(count, 2, 1) - 1) * SHIFT
    return torch.cat([turn * (zoom * flip)[:, None, :], shift], 2)


def as_input(pixels):
    """[count, 3, 64, 64] in 0 to 1 from grey bytes."""
    return (pixels[:, None].float() / 255).expand(-1, 3, -1, -1).contiguous()
