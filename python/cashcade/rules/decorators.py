"""Decorators: a function becomes a record, by its name, signature, types, defaults and docstring."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple, get_args, get_origin, overload

from cashcade.archetype import Archetype, Citation, Figure, Given, Input, Part, Party, assumed
from cashcade.archetype.record import LARGEST
from cashcade.errors import RuleError
from cashcade.hookspecs import RECORDS
from cashcade.rules.exits import Door, ExitScenario
from cashcade.rules.expressions import Value
from cashcade.rules.rule import Rule
from cashcade.rules.shocks import TEXT, PricingShock, Shock, ShockParameter

Build = Callable[..., Rule | Iterable[Rule]]
Derive = Callable[..., Iterable[Part]]
Doors = Callable[[], Door | Iterable[Door]]


@dataclass(frozen=True, slots=True)
class Parameter:
    """The second part of the annotation of an argument: unit, limits and the like.

    ::

        rise: Annotated[float, Parameter("fraction", 0, 2, "By how much.", neutral=0)] = 0.3

    Parameters
    ----------
    unit, low, high, meaning, neutral
        As in `ShockParameter`.
    """

    unit: str = "1"
    low: float | None = None
    high: float | None = None
    meaning: str = ""
    neutral: float | None = None


class Decorated(NamedTuple):
    """A record that a decorator made: its hook, the record, and the function."""

    hook: str
    record: object
    function: Callable[..., object]


@overload
def shock(function: Build, /) -> Shock: ...


@overload
def shock(
    *, name: str = "", title: str = "", pricing: bool = False, source: str = ""
) -> Callable[[Build], Shock]: ...


def shock(
    function: Build | None = None,
    /,
    *,
    name: str = "",
    title: str = "",
    pricing: bool = False,
    source: str = "",
) -> Shock | Callable[[Build], Shock]:
    """Make a shock of a function that returns rules; a module with one is a plugin without hooks.

    ::

        @shock
        def rent_rise(rent: Annotated[float, "USD/month"] = 1e5, tag: str = "app"):
            '''Rents rise.'''
            return Rule("rent", month >= 3, add(companies(tag=tag).fixed_cost, rent))

    Arguments are parameters: text where the type is `str`, else numbers. The annotation has the unit, or a
    `Parameter` with limits, meaning and neutral value besides. Where the user gives a range, a number is an
    expression: use operators, not `if`.

    Parameters
    ----------
    name
        By default that of the function, with hyphens.
    title
        By default the first line of its docstring; what follows is `doc`.
    pricing
        Whether it moves prices only, which is checked.
    source
        Where its numbers come from.

    Raises
    ------
    RuleError
        An argument has no default, or its type cannot be read.
    """

    def made(build: Build) -> Shock:
        told = _told(build, name, title)
        kind = PricingShock if pricing else Shock
        parameters = tuple(_parameter(one, told.where) for one in _arguments(build, told.where))
        record = kind(told.name, told.title, build, parameters, told.doc, source)
        _remember(build, "cashcade_pricing_shocks" if pricing else "cashcade_shocks", record)
        return record

    return made if function is None else made(function)


@overload
def exit_scenario(function: Doors, /) -> ExitScenario: ...


@overload
def exit_scenario(
    *, name: str = "", title: str = "", source: str = ""
) -> Callable[[Doors], ExitScenario]: ...


def exit_scenario(
    function: Doors | None = None, /, *, name: str = "", title: str = "", source: str = ""
) -> ExitScenario | Callable[[Doors], ExitScenario]:
    """Make an exit scenario of a function without arguments that returns doors; it is called once, here.

    Parameters
    ----------
    name, title, source
        As in `shock`.

    Raises
    ------
    RuleError
        It takes arguments, or gives no doors.
    """

    def made(doors: Doors) -> ExitScenario:
        told = _told(doors, name, title)
        if taken := [one.name for one in _arguments(doors, told.where)]:
            raise RuleError(f"{told.where} takes {', '.join(taken)}, and exit scenarios have no parameters.")
        given: Any = doors()
        record = ExitScenario(told.name, told.title, given, doc=told.doc, source=source)
        _remember(doors, "cashcade_exit_scenarios", record)
        return record

    return made if function is None else made(function)


def archetype(
    *,
    example: Mapping[str, float],
    name: str = "",
    title: str = "",
    citations: tuple[Citation, ...] = (),
) -> Callable[[Derive], Archetype]:
    """Make an archetype of a function that gives the parts of a company.

    ::

        @archetype(example={"revenue": 1e6})
        def shop(given: Given, revenue: Annotated[Figure, Parameter("USD/month", meaning="Sales.")]):
            '''A shop.'''
            yield Part("company", "company", {"cash": 3 * revenue})

    An argument of type `Given` is what there is, with the id of the company; one of type `str` is a party;
    others are inputs, with unit, limits and meaning in the annotation, needed where there is no default.

    Parameters
    ----------
    example
        Inputs of the example on its page, at least those that are needed.
    name, title
        As in `shock`.
    citations
        Sources that figures name.

    Raises
    ------
    RuleError
        The type of an argument cannot be read.
    ValueError
        The archetype is not sound.
    """

    def made(derive: Derive) -> Archetype:
        told = _told(derive, name, title)
        known = _arguments(derive, told.where)
        whole = [one.name for one in known if one.annotation is Given]
        parties = [one.name for one in known if _base(one) is str]
        inputs = [one for one in known if one.name not in {*whole, *parties}]

        def derived(given: Given) -> Iterator[Part]:
            taken: dict[str, object] = {one.name: given[one.name] for one in inputs}
            taken |= dict.fromkeys(whole, given) | {one: given.parties[one] for one in parties}
            yield from derive(**taken)

        record = Archetype(
            name=told.name,
            title=told.title,
            doc=told.doc or told.title,
            inputs=tuple(_input(one, told.where) for one in inputs),
            derive=derived,
            parties=tuple(_party(one, told.where) for one in known if one.name in parties),
            citations=citations,
            example=dict(example),
        )
        _remember(derive, "cashcade_archetypes", record)
        return record

    return made


class _Told(NamedTuple):
    """The words of a function about itself: name and docstring; `where` is for messages."""

    name: str
    title: str
    doc: str
    where: str


def _told(function: Callable[..., object], name: str, title: str) -> _Told:
    called = getattr(function, "__name__", "")
    first, _, rest = (inspect.getdoc(function) or "").partition("\n")
    named = name or called.strip("_").replace("_", "-")
    return _Told(named, title or first.rstrip(".") or named, rest.strip(), f"{called}()")


def _arguments(function: Callable[..., object], where: str) -> list[inspect.Parameter]:
    try:
        known = list(inspect.signature(function, eval_str=True).parameters.values())
    except NameError as error:
        raise RuleError(f"{where}: its annotations cannot be read: {error}.") from error
    for one in known:
        if one.kind not in {one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY}:
            raise RuleError(f"{where}: {one} is no named argument; users give arguments by name.")
    return known


def _base(one: inspect.Parameter) -> object:
    """Give the type of an argument without what else its annotation says."""
    return get_args(one.annotation)[0] if get_origin(one.annotation) is Annotated else one.annotation


def _said(one: inspect.Parameter, where: str) -> Parameter:
    """Give what the annotation of an argument says besides its type."""
    more = get_args(one.annotation)[1:] if get_origin(one.annotation) is Annotated else ()
    said = [Parameter(each) if isinstance(each, str) else each for each in more]
    for each in said:
        if not isinstance(each, Parameter):
            raise RuleError(f"{where}: {one.name} is annotated by {each!r}, wanted a unit or a Parameter.")
    return next(iter(said), Parameter())


NUMBERS = (float, int, Value, float | Value, int | float, inspect.Parameter.empty, Any)
"""Types of arguments that are numbers."""


def _parameter(one: inspect.Parameter, where: str) -> ShockParameter:
    if one.default is one.empty:
        raise RuleError(f"{where}: {one.name} has no default; write {one.name}=VALUE, its usual value.")
    base, said = _base(one), _said(one, where)
    is_text = base is str or (base is one.empty and isinstance(one.default, str))
    if not is_text and base not in NUMBERS:
        raise RuleError(f"{where}: {one.name} is of type {base!r}, wanted float, or str for text.")
    unit = TEXT if is_text else said.unit
    return ShockParameter(one.name, one.default, unit, said.low, said.high, said.meaning, said.neutral)


def _input(one: inspect.Parameter, where: str) -> Input:
    if _base(one) not in {Figure, float, one.empty}:
        what = f"{one.name} is of type {_base(one)!r}"
        raise RuleError(f"{where}: {what}, wanted Figure for an input, str for a party, or Given.")
    said, default = _said(one, where), None if one.default is one.empty else one.default
    if isinstance(default, int | float):
        default = assumed(default, default, default, "A default.")
    low, high = 0.0 if said.low is None else said.low, LARGEST if said.high is None else said.high
    return Input(one.name, said.unit, said.meaning or one.name, default, low, high)


def _party(one: inspect.Parameter, where: str) -> Party:
    default = "" if one.default is one.empty else str(one.default)
    return Party(one.name, _said(one, where).meaning or one.name, default)


def _remember(function: Callable[..., object], hook: str, record: object) -> None:
    """Keep a record in the module of its function; one of a function that is defined anew replaces it."""
    space: dict[str, Any] = getattr(function, "__globals__", {})
    known: list[Decorated] = space.get(RECORDS, [])
    name = getattr(function, "__qualname__", "")
    kept = [each for each in known if getattr(each.function, "__qualname__", "") != name]
    space[RECORDS] = [*kept, Decorated(hook, record, function)]
