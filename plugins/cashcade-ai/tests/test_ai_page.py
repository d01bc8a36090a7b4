"""The page of figures is the one that the world gives."""

from pathlib import Path

from cashcade.world import World

from cashcade_ai.figures import by_field, main, page, told


def test_page_lists_every_number(world: World) -> None:
    text = page(world)
    for row in world.figures().itertuples():
        if not isinstance(row.value, str | bool):
            assert f"| {row.id} | `{row.field}` |" in text


def test_the_command_writes_the_page(world: World, tmp_path: Path) -> None:
    target = tmp_path / "page.md"
    main(["ai-2025-08", str(target)])
    assert target.read_text(encoding="utf-8") == page(world)


def test_what_matters_most_says_what_would_tell(world: World) -> None:
    """At least 25 assumptions, each in words of its own; those that share a name all say the same."""
    table = world.figures()
    said = table[table["better"].notna()]
    names = said["shared"].fillna(said["entity"] + said["id"] + said["field"])
    texts = dict(zip(names, said["better"], strict=True))
    assert len(texts) >= 25
    assert len(set(texts.values())) == len(texts)
    assert min(len(text) for text in texts.values()) > 50
    shared = table[table["shared"].isin(set(said["shared"].dropna()))]
    assert shared["better"].notna().all()
    assert shared.groupby("shared")["better"].nunique().max() == 1
    text = page(world).partition("## What would be needed to know better")[2].partition("\n## ")[0]
    assert all(f"| {each} |" in text for each in texts.values())


def test_every_assumption_says_what_would_tell(world: World) -> None:
    """In its own record, by a name that it shares, or by its field; on the page each row says it."""
    table = told(world.figures())
    assumed = table[table["assumption"]]
    numbers = assumed[[not isinstance(value, str | bool) for value in assumed["value"]]]
    assert len(numbers) > 1000
    lacking = numbers[numbers["better"].isna()]
    assert sorted(set(lacking["entity"] + "." + lacking["field"])) == [], "add them to better.toml"
    text = page(world).partition("\n## Assumptions")[2].partition("\n## Sources")[0]
    rows = [row for row in text.splitlines() if row.startswith("| ") and not row.startswith("| of |")]
    assert len(rows) == len(numbers)
    assert [row for row in rows if row.endswith("|  |")] == []


def test_texts_by_field_are_of_fields_that_there_are(world: World) -> None:
    records = {"commitment": {"amount"}, "order": {"share"}}
    for entity, entries in world.sections().items():
        records.setdefault(entity, set()).update(*(type(one).model_fields for one in entries))
    records["market"] = set(type(world.market).model_fields)
    assert {(entity, field) for entity, field in by_field() if field not in records[entity]} == set()
    assert min(len(text) for text in by_field().values()) > 50
