"""TODO."""

import math

WORD = 0xFFFFFFFF
MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
WEYL = (0x9E3779B9, 0xBB67AE85)
ROUNDS = 10
STREAMS = {
    "parameter": 0,
    "market": 1,
    "jump": 2,
    "demand": 3,
    "cost": 4,
    "round": 5,
    "refinance": 6,
    "rule": 7,
    "exit": 8,
    "patience": 9,
    "pledge": 10,
    "rescue": 11,
}


def philox(counter: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, int, int, int]:
    """Philox4x32-10 of Salmon, Moraes, Dror and Shaw (2011)."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(ROUNDS):
        high0, low0 = divmod(MULTIPLIERS[0] * c0, 1 << 32)
        high1, low1 = divmod(MULTIPLIERS[1] * c2, 1 << 32)
        c0, c1, c2, c3 = high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0
        k0, k1 = (k0 + WEYL[0]) & WORD, (k1 + WEYL[1]) & WORD
    return c0, c1, c2, c3


def box_muller(u0: float, u1: float) -> tuple[float, float]:
    """Two normals of two uniforms."""
    radius = math.sqrt(-2.0 * math.log(u0))
    return radius * math.cos(2.0 * math.pi * u1), radius * math.sin(2.0 * math.pi * u1)


class Luck:
    """The random numbers of one path."""

    def __init__(self, seed: int, path: int):
        self.key = (seed & WORD, seed >> 32)
        self.path = path

    def uniforms(self, stream: str, entity: int, block: int) -> list[float]:
        """Four uniforms in (0, 1)."""
        place = STREAMS[stream] * 2**16 + block
        counter = (entity, place, self.path & WORD, self.path >> 32)
        return [(word + 0.5) / 2.0**32 for word in philox(counter, self.key)]

    def pair(self, stream: str, entity: int, block: int, first: int) -> tuple[float, float]:
        """The two normals made of words `first` and `first + 1`."""
        words = self.uniforms(stream, entity, block)
        return box_muller(words[first], words[first + 1])

    def monthly(self, stream: str, entity: int, t: int) -> float:
        """The normal of month `t` in a stream that serves four months with one block."""
        block, place = divmod(t - 1, 4)
        return self.pair(stream, entity, block, 2 * (place // 2))[place % 2]
