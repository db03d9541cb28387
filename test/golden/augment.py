"""Makes augment.json: Keras's ImageDataGenerator on a hashed 16 × 16 colour image, for given transforms."""
import json
import os
import pathlib

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
os.environ['CUDA_VISIBLE_DEVICES'] = ''
import keras
import numpy as np
from keras.src.legacy.preprocessing.image import ImageDataGenerator

from hash import bits

SIZE, CHANNELS = 16, 3
STILL = {'rotation': 0, 'rowShift': 0, 'columnShift': 0, 'rowZoom': 1, 'columnZoom': 1,
         'horizontalFlip': False, 'verticalFlip': False}
CASES = {
    'a turn by 30 degrees': {'rotation': 30},
    'a turn by -200 degrees': {'rotation': -200},
    'a shift': {'rowShift': 0.2, 'columnShift': -0.13},
    'a zoom': {'rowZoom': 0.8, 'columnZoom': 1.2},
    'a horizontal flip': {'horizontalFlip': True},
    'a vertical flip': {'verticalFlip': True},
    'all at once': {'rotation': 77, 'rowShift': -0.1, 'columnShift': 0.17, 'rowZoom': 1.15, 'columnZoom': 0.9,
                    'horizontalFlip': True, 'verticalFlip': True},
    'a turn after a horizontal flip': {'rotation': 20, 'columnShift': 0.1, 'horizontalFlip': True},
}


def transformed(image, case):
    return ImageDataGenerator(fill_mode='nearest', dtype='float64').apply_transform(image, {
        'theta': case['rotation'], 'tx': case['columnShift'] * SIZE, 'ty': case['rowShift'] * SIZE,
        'zx': case['columnZoom'], 'zy': case['rowZoom'],
        'flip_horizontal': case['horizontalFlip'], 'flip_vertical': case['verticalFlip']})


image = (bits('augment', SIZE * SIZE * CHANNELS) >> 24).reshape(SIZE, SIZE, CHANNELS).astype(np.float64)
cases = [{'name': name, 'transform': {**STILL, **case},
          'values': [float(f'{v:.7g}') for v in transformed(image, {**STILL, **case}).ravel()]}
         for name, case in CASES.items()]
golden = {'keras': keras.__version__, 'size': SIZE, 'channels': CHANNELS,
          'image': image.astype(int).ravel().tolist(), 'cases': cases}
text = json.dumps(golden, separators=(',', ':')).replace('},{', '},\n{').replace('],"', '],\n"')
pathlib.Path(__file__).with_name('augment.json').write_text(text + '\n')
