"""Golden values of test/unit/duplicates.test.ts: normalised cross-correlation by NumPy in float64.

Run from this folder: python duplicates.py > duplicates.json
"""
import json

import numpy as np

from hash import images

COUNT, SIZE, THRESHOLD = 40, 16, 0.9

# Families of four: one picture under growing noise, so that correlations lie on both sides of the threshold.
noise = np.floor(images('noise', (COUNT, SIZE, SIZE)) * 256)
base = np.floor(images('base', (COUNT // 4, SIZE, SIZE)) * 256)
share = np.array([0.0, 0.25, 0.3, 0.35])
pictures = np.floor((1 - share[np.arange(COUNT) % 4, None, None]) * np.repeat(base, 4, 0)
                    + share[np.arange(COUNT) % 4, None, None] * noise)

vectors = pictures.reshape(COUNT, -1).astype(np.float64)
vectors -= vectors.mean(1, keepdims=True)
vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
correlation = vectors @ vectors.T
pairs = [[i, j] for i in range(COUNT) for j in range(i + 1, COUNT) if correlation[i, j] >= THRESHOLD]
print(json.dumps(dict(count=COUNT, size=SIZE, threshold=THRESHOLD, share=share.tolist(), pairs=pairs,
                      first=correlation[0].round(7).tolist()), separators=(',', ':')))
