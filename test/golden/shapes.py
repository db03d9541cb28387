"""Golden values of test/unit/lungs.test.ts: Otsu's threshold by scikit-image, regions and hulls by SciPy.

Run from this folder: python shapes.py > shapes.json
"""
import json

import numpy as np
from scipy.ndimage import label
from scipy.spatial import ConvexHull
from skimage.filters import threshold_otsu

from hash import bits, images

WIDTH, HEIGHT = 24, 18

pictures = []
for name in 'abc':
    noise = np.floor(images('otsu ' + name, (HEIGHT, WIDTH)).astype(np.float64) * 60)
    bright = (np.add.outer(np.arange(HEIGHT), np.arange(WIDTH)) % 11 < 4) * 90
    pictures.append((noise + bright + 20).astype(np.uint8))

masks = [images('regions ' + name, (HEIGHT, WIDTH)) < 0.5 for name in 'ab']
# The sizes of regions that touch at their sides.
sizes = [sorted(int((label(mask)[0] == k).sum()) for k in range(1, label(mask)[1] + 1)) for mask in masks]

points = [np.stack([bits('x ' + name, 40) % 30, bits('y ' + name, 40) % 20], 1).astype(int) for name in 'ab']
hulls = [sorted(map(list, one[ConvexHull(one).vertices].tolist())) for one in points]

print(json.dumps(dict(
    width=WIDTH, height=HEIGHT,
    pictures=[dict(data=picture.ravel().tolist(), threshold=int(threshold_otsu(picture))) for picture in pictures],
    masks=[dict(inside=mask.astype(int).ravel().tolist(), sizes=size) for mask, size in zip(masks, sizes)],
    points=[dict(points=one.tolist(), corners=hull) for one, hull in zip(points, hulls)],
), separators=(',', ':')))
