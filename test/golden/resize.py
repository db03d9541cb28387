"""Golden values of test/unit/resize.test.ts: OpenCV's INTER_AREA on noise, the hardest input.

Run from this folder: python resize.py > resize.json
"""
import json

import cv2
import numpy as np

from hash import images

CASES = [  # height, width, channels → height, width
    ('a slice to a thumbnail', 261, 354, 1, 64, 64),
    ('shrinking by fractions', 37, 53, 1, 16, 20),
    ('shrinking in colour', 37, 53, 3, 10, 21),
    ('halving', 48, 64, 1, 24, 32),
    ('shrinking by whole numbers in colour', 30, 45, 3, 10, 9),
    ('shrinking one axis only', 20, 31, 1, 20, 12),
    ('the same size', 9, 11, 1, 9, 11),
    ('enlarging by fractions', 7, 9, 1, 16, 23),
    ('doubling', 8, 6, 3, 16, 12),
    ('wider and lower', 40, 7, 1, 16, 16),
    ('narrower and higher', 7, 40, 3, 18, 13),
    ('from one pixel', 1, 1, 1, 3, 4),
    ('to one pixel', 13, 17, 1, 1, 1),
]

cases = []
for name, height, width, channels, to_height, to_width in CASES:
    image = np.floor(images(name, (height, width, channels)) * 256).astype(np.uint8)
    small = cv2.resize(image, (to_width, to_height), interpolation=cv2.INTER_AREA)
    cases.append(dict(name=name, height=height, width=width, channels=channels,
                      toHeight=to_height, toWidth=to_width, data=small.ravel().tolist()))
print(json.dumps(dict(opencv=cv2.__version__, cases=cases), separators=(',', ':')))
