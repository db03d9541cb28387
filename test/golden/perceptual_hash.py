"""Golden values of test/unit/perceptual-hash.test.ts: perceptual hashes by Python's ImageHash 4.3.2 (phash, 64 bits).

Run from this folder: python perceptual_hash.py > perceptual_hash.json   (pip install ImageHash)
"""
import json

import imagehash
import numpy as np
from PIL import Image

from hash import images

# ImageHash resizes to 32 × 32 first; images of this size pass unchanged.
COUNT, SIZE, SHARE = 24, 32, 0.3

noise = np.floor(images('noise', (COUNT, SIZE, SIZE)) * 256)
base = np.floor(images('base', (COUNT // 2, SIZE, SIZE)) * 256)
# Each image under noise follows the image itself.
mixed = np.where(np.arange(COUNT)[:, None, None] % 2 == 0, np.repeat(base, 2, 0),
                 np.floor((1 - SHARE) * np.repeat(base, 2, 0) + SHARE * noise))
y, x = np.mgrid[0:SIZE, 0:SIZE]
slopes = np.stack([(3 * x + 5 * y) % 256, (x * x + 2 * y) // 5 % 256, (x * y * y) // 64 % 256, 7 * np.abs(x - 11) + y])
hashes = [imagehash.phash(Image.fromarray(picture.astype(np.uint8))) for picture in np.concatenate([mixed, slopes])]
print(json.dumps(dict(count=COUNT, size=SIZE, share=SHARE, hashes=[str(h) for h in hashes],
                      first=[int(hashes[0] - h) for h in hashes]), separators=(',', ':')))
