"""The page of an archetype, made from its docstring and its declarations."""

from collections.abc import Iterator

from cashcade.archetype.figure import ASSUMPTION, Figure
from cashcade.archetype.record import Archetype, Part


def page(archetype: Archetype) -> str:
    """Return the page in Markdown: what it is, inputs, what is derived for the example, sources."""
    lines = [f"# {archetype.title}", "", archetype.doc.strip(), "", "## Inputs", "", *_inputs(archetype), ""]
    if archetype.parties:
        lines += ["Other companies it may name, by their ids:", "", *_parties(archetype), ""]
    lines += ["## Example", "", "```toml", *_example(archetype), "```", "", "## What is derived", ""]
    lines += [
        "Values are those of the example. Each field can be overridden: those of the company by their name,",
        "those of another part in a table of the part's name, such as `[company.PART]`.",
        "",
    ]
    for part in archetype.parts(archetype.given("example", _figures(archetype), {})):
        lines += [*_part(part), ""]
    return "\n".join([*lines, "## Sources", "", *_sources(archetype), ""])


def _figures(archetype: Archetype) -> dict[str, Figure]:
    return {name: Figure(value, value, value, name) for name, value in archetype.example.items()}


def _inputs(archetype: Archetype) -> Iterator[str]:
    yield "| input | unit | default | range | meaning | source | why |"
    yield "|---|---|---|---|---|---|---|"
    for one in archetype.inputs:
        figure = one.default
        cells = ["must be given", "", one.meaning, "", ""]
        if figure is not None:
            cells = [_number(figure.value), _range(figure), one.meaning, _source(figure), figure.how]
        yield f"| `{one.name}` | {one.unit} | " + " | ".join(cells) + " |"


def _parties(archetype: Archetype) -> Iterator[str]:
    yield "| name | default | meaning |"
    yield "|---|---|---|"
    for party in archetype.parties:
        yield f"| `{party.name}` | {party.default or 'none'} | {party.meaning} |"


def _example(archetype: Archetype) -> Iterator[str]:
    yield from ("[[company]]", 'id = "example"', f'archetype = "{archetype.name}"')
    yield from (f"{name} = {_number(value)}" for name, value in archetype.example.items())


def _part(part: Part) -> Iterator[str]:
    yield f"### {part.name}: a {part.section}"
    yield ""
    yield "| field | value | range | source | formula or reason |"
    yield "|---|---|---|---|---|"
    for name, value in part.fields.items():
        if isinstance(value, Figure):
            cells = [_number(value.value), _range(value), _source(value), value.how]
        elif isinstance(value, list | tuple):
            cells = [", ".join(map(str, value)) if isinstance(value[0], str) else "", "", "", _rows(value)]
        else:
            cells = [str(value).lower() if isinstance(value, bool) else str(value), "", "", ""]
        yield f"| `{name}` | " + " | ".join(cells) + " |"


def _rows(rows: list[object] | tuple[object, ...]) -> str:
    """Return a list of tables as words, empty for a list of words."""
    told = [
        ", ".join(f"{name} {_told(value)}" for name, value in row.items())
        for row in rows
        if isinstance(row, dict)
    ]
    return "; ".join(told)


def _told(value: object) -> str:
    return f"{_number(value.value)} ({value.how})" if isinstance(value, Figure) else str(value)


def _number(value: float) -> str:
    return f"{value:.6g}"


def _range(figure: Figure) -> str:
    return f"{_number(figure.low)} to {_number(figure.high)}" if figure.low < figure.high else ""


def _source(figure: Figure) -> str:
    return ", ".join(source if source == ASSUMPTION else f"[{source}](#sources)" for source in figure.sources)


def _sources(archetype: Archetype) -> Iterator[str]:
    yield "| key | title | date |"
    yield "|---|---|---|"
    for citation in archetype.citations:
        yield f"| {citation.key} | [{citation.title}]({citation.url}) | {citation.date} |"
