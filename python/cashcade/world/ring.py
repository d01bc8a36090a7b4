"""Companies on a ring, those that are tied near one another."""

import numpy as np
from numpy.typing import NDArray


def ring(ties: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Give an order of companies on a ring.

    They stand in the order of their angle in the plane of the two smoothest vectors of the network: those of
    its normalised Laplacian with the least eigenvalues above zero.

    Parameters
    ----------
    ties
        Pairs of places, `[ties, 2]`.
    count
        How many companies there are.

    Returns
    -------
    order
        Places in the order in which they stand, `[count]`.
    """
    weights = np.zeros((count, count))
    weights[ties[:, 0], ties[:, 1]] = weights[ties[:, 1], ties[:, 0]] = 1.0
    degrees = np.maximum(weights.sum(axis=1), 1.0)
    vectors = np.linalg.eigh(np.eye(count) - weights / np.sqrt(np.outer(degrees, degrees)))[1]
    if count <= 2:
        return np.arange(count)
    return np.argsort(np.arctan2(vectors[:, 2], vectors[:, 1]), kind="stable")
