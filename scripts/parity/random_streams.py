"""gantui's random numbers: functions of seed, stream, counter and place, by Philox4x32-10 (Salmon et al. 2011)."""

import numpy

WORD = numpy.uint64(0xFFFFFFFF)
HIGH = numpy.uint64(32)


def philox(key, counters):
    """Four words for each counter: `counters` are four arrays of words that broadcast, `key` is two words."""
    c = [numpy.asarray(word, numpy.uint64) for word in numpy.broadcast_arrays(*counters)]
    k = [int(word) for word in key]
    for _ in range(10):
        first, second = c[0] * numpy.uint64(0xD2511F53), c[2] * numpy.uint64(0xCD9E8D57)
        c = [
            (second >> HIGH) ^ c[1] ^ numpy.uint64(k[0]), second & WORD, (first >> HIGH) ^ c[3] ^ numpy.uint64(k[1]),
            first & WORD,
        ]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c


def key_of(seed, stream):
    """A stream's key: FNV-1a of seed and name, then SplitMix64's finalizer."""
    mask = (1 << 64) - 1
    hashed = 0xCBF29CE484222325
    for byte in seed.to_bytes(8, "little") + stream.encode():
        hashed = (hashed ^ byte) * 0x100000001B3 & mask
    hashed = (hashed ^ hashed >> 30) * 0xBF58476D1CE4E5B9 & mask
    hashed = (hashed ^ hashed >> 27) * 0x94D049BB133111EB & mask
    hashed ^= hashed >> 31
    return hashed & 0xFFFFFFFF, hashed >> 32


class Draws:
    """What the random layers of a network's pass draw.

    A program makes `block` samples at a time; each has a place in its block, and each block a counter. `folder` goes
    before the names of layers in those of streams.
    """

    def __init__(self, seed, count, block, counter_of_block, folder="generator"):
        numbers = numpy.arange(count)
        self.seed, self.rows, self.folder = seed, numbers % block, folder
        self.counters = counter_of_block(numbers // block)

    def words(self, layer, count):
        blocks = numpy.arange((count + 3) // 4)[None, :]
        rows, counters = self.rows[:, None], self.counters[:, None]
        return philox(key_of(self.seed, f"{self.folder}/{layer}"), (blocks, rows, counters, 0))

    def uniform(self, layer, count):
        """`[samples, count]` in 0 ..< 1, by the upper 24 bits."""
        made = numpy.stack([numpy.float32(word >> numpy.uint64(8)) for word in self.words(layer, count)], -1)
        return (made * numpy.float32(2**-24)).reshape(len(self.rows), -1)[:, :count]

    def normal(self, layer, count):
        """`[samples, count]` of N(0, 1), by Box and Muller's transform in f32."""
        pairs = []
        words = self.words(layer, count)
        for first, second in (words[:2], words[2:]):
            radius = numpy.float32((first >> numpy.uint64(8)) + numpy.uint64(1)) * numpy.float32(2**-24)
            angle = numpy.float32(second >> numpy.uint64(8)) * numpy.float32(2**-24) * numpy.float32(2 * numpy.pi)
            radius = numpy.sqrt(numpy.float32(-2) * numpy.log(radius))
            pairs += [radius * numpy.cos(angle), radius * numpy.sin(angle)]
        return numpy.stack(pairs, -1).reshape(len(self.rows), -1)[:, :count]


def permutation(count, seed, epoch, purpose):
    """The order in which gantui takes 0 ..< count: a Feistel network of twelve rounds, walked until it lands below."""
    mask = (1 << 64) - 1
    bits = max(4, (count - 1).bit_length())
    left_bits = bits // 2
    left_mask, right_mask = (1 << left_bits) - 1, (1 << (bits - left_bits)) - 1
    counters = (epoch & 0xFFFFFFFF, epoch >> 32, numpy.arange(3), 0x7065726D ^ purpose)
    keys = numpy.stack(philox((seed & 0xFFFFFFFF, seed >> 32), counters), -1).flatten().tolist()

    def mix(value, key):
        value = (value + key * 0x9E3779B97F4A7C15) & mask
        value = (value ^ value >> 33) * 0xFF51AFD7ED558CCD & mask
        value = (value ^ value >> 33) * 0xC4CEB9FE1A85EC53 & mask
        return value ^ value >> 33

    def encrypt(value):
        left, right = value & left_mask, value >> left_bits
        for number in range(0, 12, 2):
            left ^= mix(right, keys[number]) & left_mask
            right ^= mix(left, keys[number + 1]) & right_mask
        return right << left_bits | left

    order = []
    for place in range(count):
        value = encrypt(place)
        while value >= count:
            value = encrypt(value)
        order.append(value)
    return order
