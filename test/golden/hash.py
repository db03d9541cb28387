"""Test weights and images computed from one integer hash, bit for bit as hash.ts computes them.

So no weights are committed: both languages know them, and only the outputs are stored.
"""
import numpy as np

GOLDEN_RATIO = np.uint32(0x9E3779B9)


def hash_name(name):
    """32-bit FNV-1a of the name's UTF-16 code units (below U+FFFF here)."""
    value = 0x811C9DC5
    for letter in name:
        value = ((value ^ ord(letter)) * 0x01000193) & 0xFFFFFFFF
    return value


def mix(x):
    """Wellons' lowbias32, over an array of uint32."""
    x = x ^ (x >> np.uint32(16))
    x = x * np.uint32(0x7FEB352D)
    x = x ^ (x >> np.uint32(15))
    x = x * np.uint32(0x846CA68B)
    return x ^ (x >> np.uint32(16))


def bits(name, count):
    """`count` 32-bit numbers for a name."""
    return mix(np.uint32(hash_name(name)) + np.arange(count, dtype=np.uint32) * GOLDEN_RATIO)


def uniform(name, count):
    """`count` numbers in [-1, 1), multiples of 2^-23: exact in float32."""
    return (bits(name, count) >> np.uint32(8)).astype(np.float64) / 8388608 - 1


def positions(name, size, count):
    """`count` positions in an array of `size`, at which values are compared."""
    return bits(name + '@', count) % np.uint32(size)


def projections(name, values):
    """Sums of an array's values, each with a hashed sign, eight times: its shadow in eight directions."""
    values = np.asarray(values, dtype=np.float64).ravel()
    letters = bits(name + '±', values.size) >> np.uint32(24)
    return [float(np.where(letters >> np.uint32(k) & np.uint32(1), values, -values).sum()) for k in range(8)]


def tensor(name, shape):
    """The float32 test value of a parameter, by the last word of its name."""
    shape = tuple(shape)
    u = uniform(name, int(np.prod(shape)))
    word = name.rsplit('/', 1)[1]
    if word == 'kernel':
        # Uniform in [-1, 1) has variance 1/3; .7 of He's scale keeps 16 residual blocks from growing.
        values = u * (0.7 * np.sqrt(6 / int(np.prod(shape[:-1]))))
    elif word == 'gamma':
        values = 1 + 0.2 * u
    elif word == 'moving_variance':
        values = 1 + 0.3 * u
    elif word in ('bias', 'beta', 'moving_mean'):
        values = 0.1 * u
    else:
        raise ValueError(name)
    return values.astype(np.float32).reshape(shape)


def images(name, shape):
    """Test images in [0, 1)."""
    return ((uniform(name, int(np.prod(shape))) + 1) / 2).astype(np.float32).reshape(shape)
