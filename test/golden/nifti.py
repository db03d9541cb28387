"""Golden values of test/golden/nifti.test.ts: made-up volumes, turned as nibabel turns them.

Run from this folder: python nifti.py > nifti.json
"""
import base64
import gzip
import json

import nibabel
import numpy as np

from hash import images

SHAPE = (7, 5, 3)
numbers = np.floor(images('nifti', SHAPE) * 2000 - 1024)
cases = []


def add(name, values, affine, kind=nibabel.Nifti1Image, slope=None, packed=True, codes=True):
    volume = kind(values, affine)
    if slope:
        volume.header.set_slope_inter(*slope)
    volume.header.set_sform(affine, code=1 if codes else 0)
    volume.header.set_qform(affine, code=1 if codes else 0)
    file = volume.to_bytes()
    read = nibabel.as_closest_canonical(kind.from_bytes(file)) if codes else kind.from_bytes(file)
    data = np.asanyarray(read.dataobj)
    # Right to left and front to back, row by row, from the feet up.
    slices = data[::-1, ::-1].transpose(2, 1, 0)
    cases.append(dict(name=name, file=base64.b64encode(gzip.compress(file, mtime=0) if packed else file).decode(),
                      width=slices.shape[2], height=slices.shape[1], slices=slices.shape[0], values=slices.ravel().tolist()))


ras, lps = np.diag([0.7, 0.7, 5, 1]), np.diag([-0.7, -0.7, 5, 1])
turned = np.array([[0, -0.7, 0, 3], [0.7, 0, 0.1, 4], [0, 0.1, 5, 5], [0, 0, 0, 1]])
add('right, front, head', numbers.astype(np.int16), ras)
add('left, back, head', numbers.astype(np.int16), lps)
add('rows before columns', numbers.astype(np.int16), turned)
add('not packed, no direction', numbers.astype(np.int16), np.diag([1, 1, 1, 1]), packed=False, codes=False)
add('floats', numbers.astype(np.float32), ras)
add('big-endian', numbers.astype('>i2'), ras)
add('slope and intercept', (numbers + 1024).astype(np.int16), ras, slope=(0.5, -1000))
add('NIfTI-2', numbers.astype(np.float64), lps, kind=nibabel.Nifti2Image)
print(json.dumps(dict(cases=cases)))
