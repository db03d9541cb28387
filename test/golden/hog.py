"""Golden values of test/unit/hog.test.ts: histograms of oriented gradients by scikit-image.

Run from this folder: python hog.py > hog.json
"""
import json

import numpy as np
from skimage.feature import hog

from hash import images

cases = []
for name, height, width, orientations, cell, block in [
    ('square', 32, 32, 9, 8, 2),
    ('wide, with a rest', 21, 35, 8, 5, 3),
    ('single cells', 16, 24, 6, 4, 1),
]:
    # Smooth at the left, noise at the right, and a part without any edge.
    picture = np.floor(images('hog ' + name, (height, width)).astype(np.float64) * 256)
    slope = np.add.outer(3.0 * np.arange(height), 2.0 * np.arange(width))
    picture[:, :width // 2] = slope[:, :width // 2]
    picture[:height // 3, :width // 3] = 17
    features = hog(picture, orientations=orientations, pixels_per_cell=(cell, cell), cells_per_block=(block, block),
                   block_norm='L2-Hys', feature_vector=True)
    cases.append(dict(name=name, height=height, width=width, orientations=orientations, cell=cell, block=block,
                      pixels=picture.astype(int).ravel().tolist(), features=features.tolist()))

print(json.dumps(dict(cases=cases), separators=(',', ':')))
