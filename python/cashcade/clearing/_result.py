"""The result of a clearing, labelled when the input was."""

from collections.abc import Callable
from typing import Any, Generic, Self, TypeAlias, TypeVar, overload

import numpy as np
import numpy.typing as npt
import xarray as xr

from cashcade.clearing._checks import Names, Values, axes_count, check_finite, read_vector
from cashcade.clearing._problem import Problem, Solution

Labelled: TypeAlias = npt.NDArray[Any] | xr.DataArray
"""A NumPy array, or a labelled one when the input was labelled."""

T = TypeVar("T")

UNIQUE = 1e-9
"""Greatest and least payments closer than this share of what is due count as one."""


def label(values: npt.NDArray[Any], names: Names | None, *dims: str) -> Labelled:
    """Label the axes of values: "node" gets the names, the others their position."""
    if names is None:
        return values
    return xr.DataArray(
        values, dims=dims, coords={dim: list(names) for dim in dims if dim.startswith("node")}
    )


class Lazy(Generic[T]):
    """An attribute that is worked out when it is first asked for; `cached_property` takes a lock for it."""

    def __init__(self, of: Callable[[Any], T]) -> None:
        """Wrap a method."""
        self._of = of
        self.__doc__ = of.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...

    @overload
    def __get__(self, instance: object, owner: type) -> T: ...

    def __get__(self, instance: object | None, owner: type) -> T | Self:
        """Work it out and leave it in its place; of the class it is the attribute itself."""
        if instance is None:
            return self
        value = self._of(instance)
        instance.__dict__[self._of.__name__] = value
        return value


class Clearing:
    """A clearing vector and what follows from it; each attribute is put together when it is first asked for.

    Amounts are in the currency of the input. Arrays have the shape (nodes,), with a leading axis when the
    input had several systems, and a trailing one for ranks where it says so. They are `xarray.DataArray` with
    the labels of the nodes when the input was labelled, else NumPy arrays.

    Attributes
    ----------
    payments
        Paid to all creditors, inside and outside the network.
    payments_by_rank
        The same by rank, senior first; trailing axis of ranks.
    liabilities
        Owed to all creditors.
    received
        Received from the network (dividends to owners included).
    net_worth
        Outside assets plus received less liabilities, before costs of default; negative for a node in
        default.
    equity
        What is left for the owners: the positive part of net worth, 0 in default.
    default_cost
        Assets of a defaulter that nobody recovers.
    loss
        Network claims that are not paid, by creditor.
    in_default
        Who misses a claim whose missing is default.
    round
        Round of fictitious default in which a node fell, 0 for those that stand.
    residual
        Largest gap between what a node pays and what its assets oblige it to pay, measured afterwards; per
        system.
    """

    def __init__(
        self,
        solution: Solution,
        names: Names | None,
        read: Callable[[], Problem],
        *,
        is_batch: bool,
        least: bool,
    ) -> None:
        """Take what the core found, and a way to read the inputs again."""
        self.names = names
        self._solution = solution
        self._read = read
        self._is_batch = is_batch
        self._least = least

    def __repr__(self) -> str:
        """Say how it went."""
        rounds = self._solution.fell_in_round
        systems, nodes = rounds.shape
        what = f"systems={systems}, " if self._is_batch else ""
        return f"Clearing({what}nodes={nodes}, defaults={int((rounds > 0).sum())}, residual={self.residual})"

    @Lazy
    def payments(self) -> Labelled:
        return self._by_node(self._solution.paid)

    @Lazy
    def payments_by_rank(self) -> Labelled:
        return self._by_node(self._solution.paid_share * self._solution.due, "rank")

    @Lazy
    def liabilities(self) -> Labelled:
        return self._by_node(self._solution.due.sum(axis=-1))

    @Lazy
    def received(self) -> Labelled:
        return self._by_node(self._solution.received)

    @Lazy
    def net_worth(self) -> Labelled:
        return self._by_node(self._solution.net_worth)

    @Lazy
    def equity(self) -> Labelled:
        return self._by_node(self._solution.left)

    @Lazy
    def default_cost(self) -> Labelled:
        return self._by_node(self._solution.lost)

    @Lazy
    def loss(self) -> Labelled:
        return self._by_node(np.maximum(self._solution.receivable - self._solution.received, 0.0))

    @Lazy
    def in_default(self) -> Labelled:
        return self._by_node(self._solution.fell_in_round > 0)

    @Lazy
    def round(self) -> Labelled:
        return self._by_node(self._solution.fell_in_round)

    @Lazy
    def residual(self) -> Any:  # noqa: ANN401 - one number, or one per system
        return self._squeeze(self._solution.residual)

    @Lazy
    def _problem(self) -> Problem:
        return self._read()

    def _squeeze(self, values: npt.NDArray[Any]) -> Any:  # noqa: ANN401 - a scalar or a vector
        return values if self._is_batch else values[0]

    def _by_node(self, values: npt.NDArray[Any], *dims: str) -> Labelled:
        squeezed: npt.NDArray[Any] = self._squeeze(values)
        if self.names is None:
            return squeezed
        return label(squeezed, self.names, *(("system",) if self._is_batch else ()), "node", *dims)

    @property
    def default_set(self) -> list[Any]:
        """Labels (else indices) of the nodes in default; a list per system when there are several."""
        return self._per_system(lambda rounds: self._who(rounds > 0))

    @property
    def rounds_of_default(self) -> list[Any]:
        """Nodes that fell in each round of fictitious default; a list per system when there are several."""
        return self._per_system(
            lambda rounds: [self._who(rounds == k) for k in range(1, int(rounds.max(initial=0)) + 1)]
        )

    def _per_system(self, of: Any) -> list[Any]:  # noqa: ANN401 - a function of one row
        rounds = np.asarray(self.round)
        return [of(row) for row in rounds] if rounds.ndim == 2 else list(of(rounds))

    def _who(self, chosen: npt.NDArray[np.bool_]) -> list[Any]:
        return [self.names[k] if self.names else int(k) for k in np.flatnonzero(chosen)]

    @Lazy
    def unique(self) -> Any:  # noqa: ANN401 - one truth value, or one per system
        """Tell whether the greatest and the least clearing vector agree, so that there is only one.

        Costs one more clearing, from the other side.
        """
        other = self._problem.solve(least=not self._least)
        apart = np.abs(other.paid - self._solution.paid) > UNIQUE * self._solution.due.sum(axis=-1)
        return self._squeeze(~apart.any(axis=-1))

    @property
    def amplification(self) -> Any:  # noqa: ANN401 - one number, or one per system
        """Shortfall of payments with the network, over the shortfall if all network claims were paid in full.

        The second counts only what nodes miss by themselves, as if their debtors were sound (the comparison
        of Glasserman and Young 2015). 1 where nobody falls short.
        """
        nodes, solution = self._problem.nodes, self._solution
        due, claims = solution.due.sum(axis=-1), np.maximum(solution.receivable, solution.received)
        missing = (due - solution.paid).sum(axis=-1)
        falls = solution.fell_in_round == 1
        alone = np.where(falls, nodes.alpha * nodes.outside + nodes.beta * claims, nodes.outside + claims)
        missing_alone = np.maximum(due - alone, 0.0).sum(axis=-1)
        ratio = np.divide(missing, missing_alone, out=np.ones_like(missing), where=missing_alone > 0.0)
        return self._squeeze(ratio)

    def payment_sensitivities(self, cash_changes: Values | None = None) -> Labelled:
        r"""Response of payments to outside cash (Liu and Staum 2010).

        At a clearing vector with defaulters :math:`D`, :math:`\partial p_D / \partial e_D =
        \alpha (I - \beta \Pi_{DD}^\top)^{-1}`, and no other payment moves. At a kink it is the derivative
        toward less cash.

        Parameters
        ----------
        cash_changes
            A change of outside cash of each node (or several, in rows). Without it, one unit for each node in
            turn.

        Returns
        -------
        array
            Without `cash_changes` a matrix: row i, column j is the change of the total payment of node i per
            unit of cash of node j. With it, the change of every payment, in its shape.

        Raises
        ------
        InputError
            When the result holds several systems.
        """
        nodes = self._problem.nodes.nodes
        if cash_changes is None:
            return label(self._problem.respond(np.eye(nodes)).T, self.names, "node", "node_of_cash")
        changes = read_vector("cash_changes", cash_changes, nodes, self.names, default=0.0)
        check_finite("cash_changes", changes, self.names)
        answer = self._problem.respond(np.ascontiguousarray(changes))
        rows = axes_count(cash_changes) == 2
        return label(answer, self.names, "change", "node") if rows else label(answer[0], self.names, "node")
