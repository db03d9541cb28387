"""Golden values of test/golden/dicom.test.ts: made-up DICOM files, and what pydicom reads in them.

Values are pydicom's pixels after the modality transform; grey levels are those of its windows and tables, scaled to 0
to 255. Run from this folder: python dicom.py > dicom.json
Needs pydicom, numpy, imagecodecs, pylibjpeg with its plug-ins libjpeg, openjpeg and rle, and pyjpegls.
"""
import base64
import io
import json
import warnings

import imagecodecs
import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels import apply_modality_lut, apply_voi_lut
from pydicom.uid import (
    UID, DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian,
    JPEG2000, JPEG2000Lossless, JPEGBaseline8Bit, JPEGLossless, JPEGLosslessSV1, JPEGLSLossless, RLELossless,
)

from hash import images

warnings.simplefilter('ignore')
WIDTH, HEIGHT = 37, 33
cases = []
# What several files hold is stored once.
arrays = []
noise = images('dicom', (HEIGHT, WIDTH))
slope = np.linspace(0, 1, noise.size).reshape(noise.shape)
share = np.clip(0.9 * slope + 0.1 * noise, 0, 1)


def pixels(low, high, kind):
    return np.round(low + share * (high - low)).astype(kind)


def build(values, bits_stored, modality='CR', photometric='MONOCHROME2', syntax=ExplicitVRLittleEndian, **tags):
    set = Dataset()
    set.file_meta = FileMetaDataset()
    set.file_meta.TransferSyntaxUID = syntax
    set.file_meta.MediaStorageSOPClassUID = UID('1.2.840.10008.5.1.4.1.1.1')
    set.file_meta.MediaStorageSOPInstanceUID = UID('1.2.3.4')
    set.SOPClassUID, set.SOPInstanceUID = UID('1.2.840.10008.5.1.4.1.1.1'), UID('1.2.3.4')
    set.Modality, set.PatientID, set.StudyInstanceUID = modality, 'Made up 7', UID('1.2.3.5')
    set.Rows, set.Columns, set.SamplesPerPixel = HEIGHT, WIDTH, 1
    set.PhotometricInterpretation = photometric
    set.BitsAllocated = 8 * values.dtype.itemsize
    set.BitsStored, set.HighBit = bits_stored, bits_stored - 1
    set.PixelRepresentation = int(values.dtype.kind == 'i')
    for name, value in tags.items():
        setattr(set, name, value)
    set.PixelData = values.astype(values.dtype.newbyteorder('>' if syntax == ExplicitVRBigEndian else '<')).tobytes()
    set['PixelData'].VR = 'OW'
    return set


def write(set):
    file = io.BytesIO()
    syntax = set.file_meta.TransferSyntaxUID
    pydicom.dcmwrite(file, set, enforce_file_format=True, implicit_vr=syntax.is_implicit_VR,
                     little_endian=syntax.is_little_endian)
    return file.getvalue()


def add(name, set, grey=None, values=None, **facts):
    file = write(set)
    read = pydicom.dcmread(io.BytesIO(file))
    values = apply_modality_lut(read.pixel_array, read) if values is None else values
    shades = {} if grey is None else {'grey': shared(np.clip(np.floor(grey + 0.5), 0, 255).astype(int))}
    cases.append(dict(name=name, file=base64.b64encode(file).decode(), values=shared(values), **facts, **shades))


def shared(values):
    """The number of an array among those that are stored."""
    values = values.ravel().tolist()
    if values not in arrays:
        arrays.append(values)
    return arrays.index(values)


def compressed(values, bits_stored, syntax, data, **tags):
    set = build(values, bits_stored, syntax=syntax, **tags)
    set.PixelData = encapsulate([data])
    set['PixelData'].VR = 'OB'
    set['PixelData'].is_undefined_length = True
    return set


def shown(read):
    """Grey levels by the file's own window or table."""
    values = apply_modality_lut(read.pixel_array, read)
    out = apply_voi_lut(values, read, prefer_lut=True).astype(float)
    if 'VOILUTSequence' in read:
        return 255 * out / (2 ** read.VOILUTSequence[0].LUTDescriptor[2] - 1)
    signed = read.PixelRepresentation == 1
    ends = np.array([-2.0 ** (read.BitsStored - 1), 2.0 ** (read.BitsStored - 1) - 1] if signed else [0, 2.0 ** read.BitsStored - 1])
    # pydicom spreads a window over the rescaled range, whose ends change places where the slope is negative.
    low, high = ends * float(read.get('RescaleSlope', 1)) + float(read.get('RescaleIntercept', 0))
    return 255 * (out - low) / (high - low)


twelve = pixels(0, 4095, np.uint16)
hounsfield = pixels(0, 3000, np.uint16)
signed = pixels(-1024, 2000, np.int16)
ct = dict(modality='CT', RescaleSlope=1, RescaleIntercept=-1024)
for name, syntax in dict(explicit=ExplicitVRLittleEndian, implicit=ImplicitVRLittleEndian, big_endian=ExplicitVRBigEndian,
                         deflated=DeflatedExplicitVRLittleEndian).items():
    add(f'CT, {name}', build(hounsfield, 12, syntax=syntax, **ct), kind='CT numbers')
add('CT, signed, slope of 2', build(signed // 2, 16, modality='CT', RescaleSlope=2, RescaleIntercept=10), kind='CT numbers')
add('CT, overlay in the upper bits', build(hounsfield | (0b1010 << 12), 12, **ct), kind='CT numbers',
    values=hounsfield.astype(int) - 1024)
add('CT without rescaling, already in Hounsfield units', build(signed, 16, modality='CT'), kind='numbers')
add('radiograph, twelve bits without a window', build(twelve, 12), kind='counts', grey=twelve >> 4)
turned = build(twelve, 12, photometric='MONOCHROME1')
add('radiograph, MONOCHROME1', turned, kind='counts', grey=255 - (twelve >> 4))
for name, tags in {
    'window': dict(WindowCenter=2000, WindowWidth=1500),
    'two windows, the first counts': dict(WindowCenter=[1000, 2000], WindowWidth=[700, 1500]),
    'exact window': dict(WindowCenter=2000, WindowWidth=1500, VOILUTFunction='LINEAR_EXACT'),
    'sigmoid window': dict(WindowCenter=2000, WindowWidth=1500, VOILUTFunction='SIGMOID'),
    'window after rescaling': dict(WindowCenter=100, WindowWidth=3000, RescaleSlope=-1.5, RescaleIntercept=2000),
}.items():
    set = build(twelve, 12, **tags)
    read = pydicom.dcmread(io.BytesIO(write(set)))
    add(f'radiograph, {name}', set, kind='radiograph', grey=shown(read))
    set.PhotometricInterpretation = 'MONOCHROME1'
    add(f'radiograph, {name}, MONOCHROME1', set, kind='radiograph', grey=255 - np.floor(shown(read) + 0.5))
table = Dataset()
table.LUTDescriptor = [2000, 1000, 12]
table.LUTData = (4095 * (np.arange(2000) / 1999) ** 2).astype(np.uint16).tobytes()
set = build(twelve, 12, VOILUTSequence=[table], WindowCenter=2000, WindowWidth=1500)
set.VOILUTSequence[0]['LUTDescriptor'].VR, set.VOILUTSequence[0]['LUTData'].VR = 'US', 'OW'
add('radiograph, table before window', set, kind='radiograph', grey=shown(pydicom.dcmread(io.BytesIO(write(set)))))
eight = pixels(0, 255, np.uint8)
add('radiograph, 8 bits', build(eight, 8, modality='DX'), kind='radiograph', grey=eight)

for name, values, bits in (('12 bits', twelve, 12), ('16 bits, signed', signed, 16), ('8 bits', eight, 8)):
    rle = build(values, bits)
    rle.compress(RLELossless, encoding_plugin='pylibjpeg', generate_instance_uid=False)
    add(f'run lengths, {name}', rle)
    j2k = build(values, bits)
    j2k.compress(JPEG2000Lossless, encoding_plugin='pylibjpeg', generate_instance_uid=False)
    add(f'JPEG 2000, {name}', j2k)
    jls = build(values, bits)
    jls.compress(JPEGLSLossless, encoding_plugin='pyjpegls', generate_instance_uid=False)
    add(f'JPEG-LS, {name}', jls, values=values.astype(int))
    if values.dtype.kind == 'u':
        data = imagecodecs.ljpeg_encode(values, bitspersample=bits)
        add(f'lossless JPEG, {name}', compressed(values, bits, JPEGLosslessSV1, data))
# Decoders may round by a level.
add('JPEG, 8 bits', compressed(eight, 8, JPEGBaseline8Bit, imagecodecs.jpeg8_encode(eight, level=95)), tolerance=1)

print(json.dumps(dict(width=WIDTH, height=HEIGHT, cases=cases, arrays=arrays)))
