"""Golden values of test/golden/stored.test.ts: small files of many kinds of numbers, and the numbers in them.

tifffile, imagecodecs and Pillow write the files and read them again. Run from this folder: python stored.py > stored.json
"""
import base64
import io
import json

import numpy as np
import tifffile
from PIL import Image

from hash import images

WIDTH, HEIGHT = 19, 13
cases = []
# What several files hold is stored once.
arrays = []


def numbers(kind, depth=1):
    """A smooth slope with noise, over the whole range of whole numbers or from -1 to 1."""
    shape = (HEIGHT, WIDTH, depth) if depth > 1 else (HEIGHT, WIDTH)
    noise = images(f'stored {kind} {depth}', shape)
    slope = np.linspace(0, 1, noise.size).reshape(shape)
    share = np.clip(0.8 * slope + 0.2 * noise, 0, 1)
    share.flat[0], share.flat[-1] = 0, 1
    kind = np.dtype(kind)
    if kind.kind == 'f':
        return (2 * share - 1).astype(kind)
    info = np.iinfo(kind)
    return np.clip(np.floor(float(info.min) + share * (float(info.max) - float(info.min))), info.min, info.max).astype(kind)


def add(name, file, values, channels=1):
    kind = values.dtype.kind.replace('i', 's') + str(8 * values.dtype.itemsize)
    values = values.ravel().tolist()
    if values not in arrays:
        arrays.append(values)
    cases.append(dict(name=name, type=kind, channels=channels, file=base64.b64encode(file).decode(),
                      values=arrays.index(values)))


def tiff(name, values, channels=1, **options):
    file = io.BytesIO()
    tifffile.imwrite(file, values, photometric='rgb' if channels == 3 else 'minisblack', metadata=None, **options)
    assert np.array_equal(tifffile.imread(io.BytesIO(file.getvalue())), values)
    add(f'TIFF, {name}', file.getvalue(), values[..., :channels] if channels == 3 else values, channels)


for kind in ('int8', 'uint16', 'int16', 'uint32', 'int32', 'float32', 'float64'):
    values = numbers(kind)
    floats = values.dtype.kind == 'f'
    tiff(f'{kind}', values)
    tiff(f'{kind}, big-endian, strips of 4 rows', values, byteorder='>', rowsperstrip=4)
    tiff(f'{kind}, LZW', values, compression='lzw', rowsperstrip=5)
    tiff(f'{kind}, deflate, predictor', values, compression='zlib', predictor=3 if floats else 2)
    tiff(f'{kind}, big-endian, LZW, predictor', values, compression='lzw', predictor=3 if floats else 2, byteorder='>')
    tiff(f'{kind}, PackBits', values, compression='packbits')
    tiff(f'{kind}, tiles, deflate', values, compression='zlib', tile=(16, 16))
tiff('uint16, RGB', numbers('uint16', 3), channels=3)
tiff('uint16, RGB, LZW, predictor, tiles', numbers('uint16', 3), channels=3, compression='lzw', predictor=2, tile=(16, 16))
tiff('uint16, RGBA', numbers('uint16', 4), channels=3, extrasamples=['unassalpha'])
# Codes of every length from 9 to 12 bits, and a table that fills and is cleared.
long = (images('long', (40, 300)) * 60000).astype(np.uint16)
file = io.BytesIO()
tifffile.imwrite(file, long, photometric='minisblack', compression='lzw', metadata=None)
long_case = dict(file=base64.b64encode(file.getvalue()).decode(), width=300, height=40, sum=int(long.astype(np.int64).sum()),
                 weighted=int((long.astype(np.int64).ravel() * (np.arange(long.size) % 1000)).sum()))


def pillow(name, image, values, channels=1, **options):
    file = io.BytesIO()
    image.save(file, **options)
    add(name, file.getvalue(), values, channels)


deep = numbers('uint16')
pillow('PNG, 16 bits', Image.fromarray(deep), deep, format='PNG')
colour = np.floor(images('stored colour', (HEIGHT, WIDTH, 3)) * 256).astype(np.uint8)
grey = np.floor(images('stored grey', (HEIGHT, WIDTH)) * 256).astype(np.uint8)
pillow('BMP, grey', Image.fromarray(grey), grey, format='BMP')
pillow('BMP, 24 bits', Image.fromarray(colour), colour, 3, format='BMP')
pillow('BMP, 32 bits', Image.fromarray(np.dstack([colour, grey]), 'RGBA'), colour, 3, format='BMP')
pillow('BMP, 1 bit', Image.fromarray(grey > 127), np.where(grey > 127, 255, 0).astype(np.uint8), format='BMP')
palette = Image.fromarray(colour).quantize(8)
pillow('BMP, palette', palette, np.asarray(palette.convert('RGB')), 3, format='BMP')
file = io.BytesIO()
tifffile.imwrite(file, grey, photometric='miniswhite', metadata=None)
add('TIFF, 8 bits, white is zero', file.getvalue(), np.stack([255 - grey] * 3, 2), 3)

print(json.dumps(dict(width=WIDTH, height=HEIGHT, cases=cases, arrays=arrays, long=long_case)))
