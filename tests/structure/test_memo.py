"""What is worked out once for each object is neither mixed up nor kept for ever."""

import gc

from cashcade.world.memo import once


class Thing:
    """All things are equal."""

    def __init__(self, name):
        self.name = name

    def __eq__(self, other):
        return True

    __hash__ = None


def test_equal_things_are_told_apart_and_asked_once():
    asked = []
    name = once(lambda thing: asked.append(thing.name) or thing.name)
    one, two = Thing("one"), Thing("two")
    assert [name(one), name(two), name(one)] == ["one", "two", "one"]
    assert asked == ["one", "two"]


def test_what_is_gone_is_forgotten():
    name = once(lambda thing: thing.name)
    for number in range(100):
        assert name(Thing(number)) == number, "a new thing in the place of an old one"
        gc.collect(0)
