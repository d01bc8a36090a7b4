"""The records of worlds mirror the table of the core: same names, units, bounds, defaults and links."""

import pytest
from cashcade import _core
from cashcade.world.kinds import HELD, SECTIONS
from cashcade.world.market import Market
from cashcade.world.parameter import parameters_of
from cashcade.world.quantity import Choices, Normal, Stated, Triangular
from cashcade.world.record import Named, Record, Source, Sourced, attributes_of, links_of

MODELS: dict[str, type[Record]] = {
    **SECTIONS,
    **{held.kind: held.model for held in HELD.values()},
    "market": Market,
}
ROWS = _core.parameters()
DESCRIPTIVE = {
    *Sourced.model_fields,
    *Named.model_fields,
    *("name", "archetype", "tags", "what", "commitments", "repayments", "orders"),
}


def test_the_table_was_found() -> None:
    assert len(ROWS) > 100
    assert {row[0] for row in ROWS} == set(MODELS)
    assert len(_core.links()) > 10


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}.{row[1]}")
def test_each_parameter_has_its_field(
    row: tuple[str, str, str, float, float, float | None, bool, str],
) -> None:
    entity, name, unit, low, high, default, _lever, _meaning = row
    model = MODELS[entity]
    parameter = parameters_of(model)[name]
    assert (parameter.unit, parameter.low, parameter.high) == (unit, low, high)
    field = model.model_fields[attributes_of(model)[name]]
    if default is None:
        assert field.is_required()
    else:
        assert parameter.number(field.default) == default
    assert field.description
    assert unit in {"flag", "code"} or field.description.endswith(f"[{unit}].")


@pytest.mark.parametrize("entity", MODELS)
def test_each_field_is_a_parameter_a_link_or_descriptive(entity: str) -> None:
    model = MODELS[entity]
    links = {(kind, name): (target, outside) for kind, name, target, outside, _ in _core.links()}
    held = {HELD[entity].holder} if entity in HELD else set()
    assert set(parameters_of(model)) == {row[1] for row in ROWS if row[0] == entity}
    assert set(links_of(model)) | held == {name for kind, name in links if kind == entity}
    for name, link in links_of(model).items():
        assert (link.target, link.outside) == links[entity, name]
    left = set(attributes_of(model)) - set(parameters_of(model)) - set(links_of(model))
    assert left <= DESCRIPTIVE


@pytest.mark.parametrize("entity", MODELS)
def test_codes_have_words_within_bounds(entity: str) -> None:
    for name, parameter in parameters_of(MODELS[entity]).items():
        assert (parameter.unit == "code") == bool(parameter.words), name
        codes = [code for _, code in parameter.words]
        assert all(parameter.low <= code <= parameter.high for code in codes)
        assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("model", [*MODELS.values(), Source, Stated, Triangular, Normal, Choices])
def test_every_field_is_described_and_every_record_frozen(model: type[Record]) -> None:
    assert model.model_config["frozen"]
    assert model.model_config["extra"] == "forbid"
    assert model.__doc__
    for name, field in model.model_fields.items():
        assert field.description, name
