"""Properties of a field beyond its type: unit, bounds, and the codes of words."""

import functools
from dataclasses import dataclass
from typing import Any, cast, get_args

import numpy as np
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from cashcade.world.quantity import Normal, Quantity, form_of, form_of_type, points
from cashcade.world.record import Record

LARGEST = 1e17
"""Greatest amount a world may hold, USD: a thousand times the product of the world."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """Marks a field as a row of the table of parameters.

    Parameters
    ----------
    unit
        Unit as the table writes it.
    low, high
        Least and greatest value allowed, both included.
    words
        For codes, the words of files with their numbers.
    """

    unit: str
    low: float
    high: float
    words: tuple[tuple[str, int], ...] = ()

    @property
    def wanted(self) -> str:
        """The values allowed, in words."""
        if self.words:
            return "one of " + ", ".join(f'"{word}"' for word, _ in self.words)
        if self.unit == "flag":
            return "true or false"
        if self.unit == "month":
            return f"a month of the run from {self.low:g} to {self.high:g}, or a date"
        return f"a number from {self.low:g} to {self.high:g} [{self.unit}]"

    @property
    def codes(self) -> dict[str, float]:
        """The code of each word."""
        return _codes(self.words)

    def number(self, value: object) -> float:
        """Return a value as the core takes it: words by their code, flags as 0 or 1."""
        if isinstance(value, str):
            return self.codes[value]
        return float(cast("float", value))

    def fits(self, numbers: Any) -> Any:  # noqa: ANN401 - one number and one answer, or arrays of both
        """Return for each number whether it is within the bounds, and whole where it is a month."""
        inside = (self.low <= numbers) & (numbers <= self.high)
        return inside & (np.floor(numbers) == numbers) if self.unit == "month" else inside

    def extent(self, quantity: object) -> tuple[float, float]:
        """Return the least and the greatest value that a quantity can take in any draw."""
        if isinstance(quantity, Normal) and quantity.sd > 0:
            return self.low, self.high
        numbers = [self.number(value) for value in points(quantity)]
        return min(numbers), max(numbers)

    def checked(self, quantity: Any) -> Any:  # noqa: ANN401 - validators of pydantic take and give anything
        """Return the quantity if its unit and all its values fit.

        Raises
        ------
        PydanticCustomError
            With the value at fault and what is wanted.
        """
        if isinstance(quantity, Quantity) and quantity.unit not in {None, self.unit}:
            given = {"given": f'unit "{quantity.unit}"'}
            raise PydanticCustomError("unit", "{wanted}", {"wanted": f'unit "{self.unit}"', **given})
        for value in points(quantity):
            number = self.number(value)
            if not self.fits(number):
                given = {"given": f"{number:.15g}"}
                raise PydanticCustomError("bounds", "{wanted}", {"wanted": self.wanted, **given})
        return quantity

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401
        """Choose among the types of the field by how the value is written, then check bounds."""
        kinds = get_args(source)
        forms = {form_of_type(kind): handler.generate_schema(kind) for kind in kinds}
        union = core_schema.tagged_union_schema(forms, discriminator=form_of)
        # To write a value a union would ask `form_of` too, and go on whatever that raises, Ctrl-C as well.
        own = core_schema.simple_ser_schema("any")
        return core_schema.no_info_after_validator_function(self.checked, union, serialization=own)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Add bounds to the plain number and the unit to the field."""
        result = handler(schema)
        for option in result.get("oneOf", ()):
            if option.get("type") == "number":
                option |= {"minimum": self.low, "maximum": self.high}
        return {**result, "x-unit": self.unit}


@functools.cache
def _codes(words: tuple[tuple[str, int], ...]) -> dict[str, float]:
    return {word: float(code) for word, code in words}


@functools.cache
def parameters_of(model: type[Record]) -> dict[str, Parameter]:
    """Return the parameters among the fields of a record, by their name in files."""
    found = {}
    for name, field in model.model_fields.items():
        marks = [mark for mark in field.metadata if isinstance(mark, Parameter)]
        if marks:
            found[field.alias or name] = marks[0]
    return found
