"""Golden values of test/unit/image.test.ts: small files of many kinds, and the pixels Pillow and OpenCV see.

Run from this folder: python decode.py > decode.json
"""
import base64
import io
import json
import struct
import zlib

import cv2
import numpy as np
from PIL import Image

from hash import images

WIDTH, HEIGHT = 6, 5
colour = np.floor(images('colour', (HEIGHT, WIDTH, 3)) * 256).astype(np.uint8)
grey = np.floor(images('grey', (HEIGHT, WIDTH)) * 256).astype(np.uint8)
alpha = np.floor(images('alpha', (HEIGHT, WIDTH)) * 256).astype(np.uint8)
deep = np.floor(images('deep', (HEIGHT, WIDTH)) * 65536).astype(np.uint16)
smooth = (40 * np.add.outer(np.arange(HEIGHT), np.arange(WIDTH))).clip(0, 255).astype(np.uint8)
cases = []


def add(name, image, rgb, tolerance=0, **options):
    """Encodes with Pillow; the grey values are OpenCV's of the same colours."""
    file = io.BytesIO()
    image.save(file, **options)
    rgb = np.ascontiguousarray(rgb)
    cases.append(dict(name=name, tolerance=tolerance, file=base64.b64encode(file.getvalue()).decode(),
                      rgb=rgb.ravel().tolist(), grey=cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).ravel().tolist()))


def three(values):
    return np.stack([values] * 3, 2)


add('PNG, RGB', Image.fromarray(colour), colour, format='PNG')
add('PNG, RGB with equal channels', Image.fromarray(three(grey)), three(grey), format='PNG')
add('PNG, RGBA: alpha dropped, not blended', Image.fromarray(np.dstack([colour, alpha])), colour, format='PNG')
add('PNG, grey', Image.fromarray(grey), three(grey), format='PNG')
add('PNG, grey and alpha', Image.fromarray(np.dstack([grey, alpha]), 'LA'), three(grey), format='PNG')
add('PNG, 1 bit', Image.fromarray(grey > 127), three(np.where(grey > 127, 255, 0).astype(np.uint8)), format='PNG')
palette = Image.fromarray(colour).quantize(8)
add('PNG, palette', palette, np.asarray(palette.convert('RGB')), format='PNG')
add('PNG, 16 bits: the upper eight', Image.fromarray(deep), three((deep >> 8).astype(np.uint8)), format='PNG')
add('WebP, lossless', Image.fromarray(colour), colour, format='WEBP', lossless=True)
add('TIFF', Image.fromarray(colour), colour, format='TIFF')
add('GIF', palette, np.asarray(palette.convert('RGB')), format='GIF')
# JPEG decoders may round differently, by a level or two.
add('JPEG, grey', Image.fromarray(smooth), three(smooth), tolerance=6, format='JPEG', quality=95)



def chunk(kind, content):
    return struct.pack('>I', len(content)) + kind + content + struct.pack('>I', zlib.crc32(kind + content))


def every_filter(name, filtered, colour_type):
    """A file whose five rows use the five filters: any bytes are a picture, and Pillow says which."""
    header = struct.pack('>IIBBBBB', WIDTH, HEIGHT, 8, colour_type, 0, 0, 0)
    rows = b''.join(bytes([row]) + filtered[row].tobytes() for row in range(HEIGHT))
    file = (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', header) + chunk(b'IDAT', zlib.compress(rows)[:20])
            + chunk(b'IDAT', zlib.compress(rows)[20:]) + chunk(b'IEND', b''))
    rgb = np.asarray(Image.open(io.BytesIO(file)).convert('RGB'))
    cases.append(dict(name=name, tolerance=0, file=base64.b64encode(file).decode(), rgb=rgb.ravel().tolist(),
                      grey=cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).ravel().tolist()))


every_filter('PNG, every filter, grey', grey, 0)
every_filter('PNG, every filter, grey and alpha', np.dstack([grey, alpha]), 4)
every_filter('PNG, every filter, RGB', colour, 2)
every_filter('PNG, every filter, RGB with equal channels', three(grey), 2)
every_filter('PNG, every filter, RGBA', np.dstack([colour, alpha]), 6)
every_filter('PNG, every filter, RGBA with equal channels', np.dstack([three(grey), alpha]), 6)

print(json.dumps(dict(width=WIDTH, height=HEIGHT, cases=cases), indent=1))
