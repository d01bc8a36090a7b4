"""Contracts: a customer pays a supplier, for what it uses or at least what it committed to."""

from typing import Annotated

from pydantic import BeforeValidator

from cashcade.world.fields import CommitmentFields, ContractFields
from cashcade.world.parameter import parameters_of
from cashcade.world.quantity import Number, Quantity
from cashcade.world.record import CompanyId, Line, Named, Sourced


def _for_ever(value: object) -> object:
    """Return one commitment without end for a number or range that stands in place of a list."""
    alone = isinstance(value, int | float | Quantity) or (isinstance(value, dict) and "amount" not in value)
    return [{"amount": value}] if alone else value


class Commitment(CommitmentFields, Sourced):
    """Take-or-pay owed under a contract in a span of months."""


class _Parties(Named):
    """A customer, a supplier and the thing bought."""

    customer: CompanyId
    """The company that pays."""
    supplier: CompanyId
    """The company that is paid."""
    what: Line | None = None
    """What is bought."""


class Contract(ContractFields, _Parties):
    """A customer pays a supplier."""

    linked = ("customer", "supplier")

    commitments: Annotated[
        tuple[Commitment, ...],
        BeforeValidator(
            _for_ever,
            json_schema_input_type=tuple[Commitment, ...]
            | Annotated[Number, parameters_of(Commitment)["amount"]],
        ),
    ] = ()
    """Take-or-pay by spans of months, added up where they overlap; a plain number is owed for ever."""
