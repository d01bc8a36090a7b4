"""Numbers of a world: plain, stated with their source, or a range from which each draw takes a value."""

import math
from typing import Annotated, Any, Generic, Self, TypeVar, get_args

from pydantic import Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from cashcade.world.dates import LAST_MONTH
from cashcade.world.record import Id, Sourced

Real = Annotated[float, Field(strict=True, allow_inf_nan=False)]
"""A finite number; neither text nor true or false."""

Truth = Annotated[bool, Field(strict=True)]
"""True or false, not 0 or 1."""

MonthNumber = Annotated[
    Real,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 1, "maximum": LAST_MONTH, "multipleOf": 1},
                {"type": "string", "pattern": r"^\d{4}-\d{2}(-\d{2})?$"},
            ]
        }
    ),
]
"""A month of the run; in files also a date."""

T = TypeVar("T")
N = TypeVar("N", bound=float)


class Quantity(Sourced):
    """A number, flag or word that carries its source."""

    unit: str | None = None
    """Unit of the figure; where given, it must be the unit of the field."""
    shared: Id | None = None
    """Name of the assumption: ranges that say the same one take their values at one uniform number."""

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """Return a name that the JSON schema can show, such as "StatedNumber"."""
        kind, *marks = get_args(params[0]) or params
        if any(isinstance(mark, WithJsonSchema) for mark in marks):
            return f"{cls.__name__}Month"
        words = "".join(str(word).title() for word in (kind, *marks))
        return cls.__name__ + {float: "Number", bool: "Flag"}.get(kind, words)


SHARED = "shared."
"""How the name of an assumption begins that several ranges share."""


def assumption_of(value: object, path: str) -> str:
    """Give the name of the assumption behind a range: that which it shares with others, or its path."""
    return f"{SHARED}{value.shared}" if isinstance(value, Quantity) and value.shared else path


class Stated(Quantity, Generic[T]):
    """A certain value with its source."""

    value: T
    """The value."""


class Triangular(Quantity, Generic[N]):
    """A range with a triangular distribution."""

    value: N
    """The likeliest value (the mode)."""
    low: N
    """The least value."""
    high: N
    """The greatest value."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low <= self.value <= self.high:
            given = f"low {self.low:g}, value {self.value:g}, high {self.high:g}"
            raise PydanticCustomError("order", "low <= value <= high", {"given": given})
        return self


class Normal(Quantity):
    """A range with a normal distribution, truncated to the bounds of the field."""

    mean: Real
    """Mean before truncation."""
    sd: Annotated[Real, Field(ge=0)]
    """Standard deviation before truncation."""


class Choices(Quantity, Generic[T]):
    """One of a few values, each with a weight."""

    choices: Annotated[tuple[T, ...], Field(min_length=1)]
    """The values."""
    weights: tuple[Annotated[Real, Field(ge=0)], ...] = ()
    """Their weights, not all zero; equal where none are given."""

    @model_validator(mode="after")
    def _weighted(self) -> Self:
        if self.weights and len(self.weights) != len(self.choices):
            given = f"{len(self.choices)} choices and {len(self.weights)} weights"
            raise PydanticCustomError("weights", "as many weights as choices", {"given": given})
        if self.weights and not 0 < sum(self.weights) < math.inf:
            given = f"weights that add up to {sum(self.weights):g}"
            raise PydanticCustomError("weights", "at least one weight above zero", {"given": given})
        return self


for _kind in (Stated, Triangular, Choices):
    # Those of one sort of number, as Stated[Real], have the meanings of fields from here: to look for them
    # in the source once more takes a sixth of the time of an import.
    _kind.model_config["use_attribute_docstrings"] = False

FIELDS_OF_QUANTITY = tuple(
    sorted({name for kind in (Stated, Triangular, Normal, Choices) for name in kind.model_fields})
)
"""Keys of a quantity that is written as a table."""

NUMBERS_OF_QUANTITY = frozenset({"", "value", "low", "high", "mean", "sd"})
"""Those of them that hold one value; nothing stands for the quantity written plainly."""

Number = Real | Stated[Real] | Triangular[Real] | Normal | Choices[Real]
"""A number, plain or stated with its source, or a range."""

MonthOrDate = MonthNumber | Stated[MonthNumber] | Triangular[MonthNumber] | Normal | Choices[MonthNumber]
"""A month of the run; in files also a date."""

YesNo = Truth | Stated[Truth]
"""True or false, plain or stated with its source; words and flags are the same in every draw."""

PLAIN, STATED, TRIANGULAR, NORMAL, CHOICES = "<plain>", "<stated>", "<triangular>", "<normal>", "<choices>"
FORMS = frozenset({PLAIN, STATED, TRIANGULAR, NORMAL, CHOICES})
"""How a quantity may be written: tags that appear in the places of pydantic's errors."""


def form_of_type(kind: object) -> str:
    """Return the tag of the form that a type stands for."""
    if not isinstance(kind, type):
        return PLAIN
    forms: dict[type, str] = {Stated: STATED, Triangular: TRIANGULAR, Normal: NORMAL, Choices: CHOICES}
    return next((form for base, form in forms.items() if issubclass(kind, base)), PLAIN)


def form_of(value: object) -> str:
    """Return the tag of the form in which a value is written, by its class or by the keys it has."""
    if not isinstance(value, dict):
        return form_of_type(type(value))
    if "choices" in value or "weights" in value:
        return CHOICES
    if "mean" in value or "sd" in value:
        return NORMAL
    return TRIANGULAR if "low" in value or "high" in value else STATED


def points(quantity: object) -> tuple[object, ...]:
    """Return the values that a quantity names: one, the corners of a range, or its choices."""
    match quantity:
        case Stated():
            return (quantity.value,)
        case Triangular():
            return (quantity.low, quantity.value, quantity.high)
        case Normal():
            return (quantity.mean,)
        case Choices():
            return quantity.choices
    return (quantity,)


RANGES = (Triangular, Normal, Choices)
"""Forms of which each draw takes a value of its own."""


def is_range(quantity: object) -> bool:
    """Return whether each draw takes a value of its own."""
    # Nearly all are plain numbers, and large worlds have millions.
    return type(quantity) is not float and isinstance(quantity, RANGES)


def likeliest(quantity: object) -> object:
    """Return the value to show for a quantity: its value, mode, mean or weightiest choice."""
    if type(quantity) is float:
        return quantity
    match quantity:
        case Stated() | Triangular():
            return quantity.value
        case Normal():
            return quantity.mean
        case Choices():
            weights = quantity.weights or (1.0,) * len(quantity.choices)
            return quantity.choices[weights.index(max(weights))]
    return quantity
