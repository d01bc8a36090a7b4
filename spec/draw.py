"""Random numbers with an address.

A random number has an address: `(seed, path, month, stream, entity)`. It is word `w` of Philox4x32-10 with

    key = (seed mod 2^32, seed div 2^32)
    counter = (entity, stream * 2^16 + block, path mod 2^32, path div 2^32)
    uniform = (x + 0.5) / 2^32
    r = sqrt(-2 ln u0)
    normals = r cos(2 pi u1), r sin(2 pi u1)

`x` is the word. Two words give two normals, by Box and Muller.

`entity` is a 32-bit hash of the entity's name, so adding a company does not change anybody else's luck.
It is BLAKE2s (4 bytes, lowest first) of kind and id, such as `company:openai`, and for triggers of rules of their path or name.
Two names have the same hash with a chance of 1 in 2^32 (one such pair among 93,000 names, on average).
They share their luck in streams of their kind, and each keeps it whether the other is there or not. A plausibility note (`shared_luck`) tells of such a pair in a world; rename one.

| stream | number | entity | block | words |
|---|---|---|---|---|
| parameter | 0 | hash of the parameter's path | 0 | uniform of word 0; `path` is the index of the draw |
| market | 1 | 0 | t | 0: regime; 1: listing window; words 2, 3: normals of common demand and of the GPU index |
| jump | 2 | 0 | t | 0: whether the GPU index jumps; 1: which way; 2: sentiment; 3: common luck of rounds |
| demand | 3 | segment | (t-1) div 4 | four normals for the four months of the block: month t takes number (t-1) mod 4 of (cos01, sin01, cos23, sin23) |
| cost | 4 | company | (t-1) div 4 | as demand |
| round | 5 | company | t | 0: own luck; 1: whether own or common luck counts; 2: sale of public shares |
| refinance | 6 | loan | t | 0 |
| rule | 7 | trigger | t | 0 |
| exit | 8 | company | t | 0: whether it leaves; 1: by which door; 2: whether the shell of a licensed company closes |
| patience | 9 | company | t | 0 |
| pledge | 10 | pledge | 0 | 0 |
| rescue | 11 | company | t | 0: workout; 1: backstop |
| index | 12 | 0 | t | words 0, 1: normals of the prices of all shares and of the common part of growth |
| value | 13 | company | t | words 0, 1: normal of the price of its shares (the first) |
| growth | 14 | segment | t | words 0, 1: normal of its growth (the first); 2: whether demand breaks; 3: how far |
| window | 15 | 0 venture, 1 credit, 2 shares, 3 listings | t | 0: own luck; 1: whether own or common luck counts; 2: common luck (that of entity 0) |
| offer | 16 | company | t | words 0, 1: normals of appetite and of the share sold; 2: own luck of an offered round; 3: whether own or common luck counts |
| capex common | 19 | 0 | t | words 0, 1: normals of growth and of the level of all capex plans |
| capex | 20 | company | t | words 0, 1: normals of growth and of the level of its own |
| sudden | 23 | company | t | 0 |

Ranges are drawn once per *draw*; path `p` belongs to draw `p div replicates`.
exp, ln, sin and cos are our own polynomials in the compiled loop (at most 1 to 2 units in the last place).
They are the same on every machine, without fused operations.

Source: Philox4x32-10 of Salmon, Moraes, Dror and Shaw (2011); Box and Muller.

Tests: tests/oracle/test_draws.py
"""

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
    "index": 12,
    "value": 13,
    "growth": 14,
    "window": 15,
    "offer": 16,
    "capex common": 19,
    "capex": 20,
    "sudden": 23,
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

    def __init__(self, seed: int, path: int) -> None:
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
