"""The oracle's random numbers are the published ones."""

import math

import numpy as np
import pytest
from cashcade import _core

from spec.draw import STREAMS, Luck, box_muller, philox

ONES = 0xFFFFFFFF
# kat_vectors of Random123 1.14 (Salmon et al. 2011), lines "philox4x32 10".
KNOWN_ANSWERS = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES,) * 4, (ONES,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN_ANSWERS, ids=["zeros", "ones", "digits of pi"])
def test_philox_gives_the_known_answers(counter, key, words):
    assert philox(counter, key) == words


@pytest.mark.parametrize("stream", STREAMS)
def test_the_compiled_streams_are_the_oracles(stream):
    """Counter (entity, stream, path), key and conversion: the same bits from both programmes."""
    seed, entities, first = (9 << 32) + 4, [77, 2**32 - 1], 2**32 - 2
    compiled = _core.uniforms(seed, STREAMS[stream], np.array(entities, dtype=np.uint32), first, 4)
    assert compiled.tolist() == [
        [Luck(seed, first + k).uniforms(stream, entity, 0)[0] for k in range(4)] for entity in entities
    ]


def test_a_uniform_is_the_word_in_the_middle_of_its_cell():
    seed, path, entity, block = (7 << 32) + 5, (3 << 32) + 2, 11, 4
    words = philox((entity, 3 * 65536 + block, 2, 3), (5, 7))
    assert Luck(seed, path).uniforms("demand", entity, block) == [(word + 0.5) / 4294967296 for word in words]


def test_box_muller_turns_the_circle():
    radius = math.sqrt(2.0 * math.log(2.0))
    cosine, sine = box_muller(0.5, 0.25)
    assert abs(cosine) < 1e-15 * radius + 1e-15
    assert sine == pytest.approx(radius, rel=1e-15)


def test_four_months_share_a_block():
    luck = Luck(1, 0)
    months = [luck.monthly("cost", 9, t) for t in range(5, 9)]
    assert months == [*luck.pair("cost", 9, 1, 0), *luck.pair("cost", 9, 1, 2)]
    assert luck.monthly("cost", 9, 9) == luck.pair("cost", 9, 2, 0)[0]
