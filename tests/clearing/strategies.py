"""Small random networks for property tests; every draw has a label."""

from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st


class Network(NamedTuple):
    """A network of one rank, as the functions of `cashcade.clearing` take it."""

    owed: np.ndarray
    cash: np.ndarray
    owed_outside: np.ndarray
    alpha: np.ndarray
    beta: np.ndarray

    def arguments(self):
        """Positional arguments, then keywords."""
        return (self.owed, self.cash, self.owed_outside), {"alpha": self.alpha, "beta": self.beta}


# Zeros are frequent, and magnitudes such that no tie is closer than the tolerance without being one.
AMOUNTS = st.one_of(st.just(0.0), st.integers(1, 4000).map(lambda k: k / 64))
SHARES = st.one_of(st.just(1.0), st.just(0.0), st.integers(0, 64).map(lambda k: k / 64))


def vectors(elements, size):
    """Arrays of one axis."""
    return st.lists(elements, min_size=size, max_size=size).map(lambda x: np.array(x, dtype=float))


@st.composite
def matrices(draw, size, label):
    """Square matrices without loops."""
    flat = draw(vectors(AMOUNTS, size * size), label=f"{label}, row by row")
    matrix = flat.reshape(size, size)
    np.fill_diagonal(matrix, 0.0)
    return matrix


@st.composite
def networks(draw, *, recovery=SHARES, smallest=1, largest=7):
    """Networks with random recovery; `recovery=st.just(1.0)` is Eisenberg and Noe."""
    size = draw(st.integers(smallest, largest), label="nodes")
    return Network(
        draw(matrices(size, "owed"), label="owed by row to column"),
        draw(vectors(AMOUNTS, size), label="cash"),
        draw(vectors(AMOUNTS, size), label="owed outside"),
        draw(vectors(recovery, size), label="alpha"),
        draw(vectors(recovery, size), label="beta"),
    )


def solvent_shares(size):
    """Holdings of equity, by issuer and owner, that leave some of every issuer to outsiders."""
    return matrices(size, "holdings").map(lambda m: m / (1.0 + m.sum(axis=1, keepdims=True)))
