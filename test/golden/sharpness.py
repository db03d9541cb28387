"""Golden values of test/unit/image-issues.test.ts: OpenCV's variance of the Laplacian.

Run from this folder: python sharpness.py > sharpness.json
"""
import json

import cv2
import numpy as np

from hash import images

cases = []
for name, height, width, blur in [('noise', 37, 53, 0), ('blurred noise', 37, 53, 1.5), ('one row', 1, 20, 0),
                                  ('one column', 20, 1, 0), ('two by two', 2, 2, 0), ('one pixel', 1, 1, 0)]:
    image = np.floor(images(name, (height, width, 1)) * 256).astype(np.uint8)[..., 0]
    if blur:
        image = cv2.GaussianBlur(image, (0, 0), blur)
    cases.append(dict(name=name, height=height, width=width, data=image.ravel().tolist(),
                      variance=float(cv2.Laplacian(image, cv2.CV_64F).var())))
print(json.dumps(dict(opencv=cv2.__version__, cases=cases), separators=(',', ':')))
