"""The records of worlds mirror the table of the core: the same values, defaults and links."""

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
ROWS = _core.table().parameters
DESCRIPTIVE = {
    *Sourced.model_fields,
    *Named.model_fields,
    *("name", "archetype", "tags", "what", "commitments", "repayments", "orders"),
}


def test_the_table_was_found() -> None:
    assert len(ROWS) > 100
    assert {row.entity for row in ROWS} == set(MODELS)
    assert len(_core.table().links) > 10


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.full_name)
def test_silence_means_the_default(row: _core.Parameter) -> None:
    model = MODELS[row.entity]
    field = model.model_fields[attributes_of(model)[row.name]]
    if row.default is None:
        assert field.is_required()
    else:
        assert parameters_of(model)[row.name].number(field.default) == row.default


@pytest.mark.parametrize("entity", MODELS)
def test_each_field_is_a_parameter_a_link_or_descriptive(entity: str) -> None:
    model = MODELS[entity]
    links = {row.name: (row.target, row.outside) for row in _core.table().links if row.entity == entity}
    held = {HELD[entity].holder} if entity in HELD else set()
    assert set(parameters_of(model)) == {row.name for row in ROWS if row.entity == entity}
    assert set(links_of(model)) | held == set(links)
    for name, link in links_of(model).items():
        assert (link.target, link.outside) == links[name]
    left = set(attributes_of(model)) - set(parameters_of(model)) - set(links_of(model))
    assert left <= DESCRIPTIVE


@pytest.mark.parametrize("model", [*MODELS.values(), Source, Stated, Triangular, Normal, Choices])
def test_every_field_is_described_and_every_record_frozen(model: type[Record]) -> None:
    assert model.model_config["frozen"]
    assert model.model_config["extra"] == "forbid"
    assert model.__doc__
    for name, field in model.model_fields.items():
        assert field.description, name
