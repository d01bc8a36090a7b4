"""Pages that are made when the site is built, and are not kept in the tree: a hook of MkDocs."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from cashcade import load_world
from cashcade.archetype import page as archetype_page
from cashcade_ai import figures, scenarios
from cashcade_ai.archetypes import ARCHETYPES
from cashcade_ai.estimates import page as estimates
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

sys.path.insert(0, str(Path(__file__).parent))

import model_pages
import rules_page
import variables_page

WORLDS = ("ai-2025-08", "telecom-2000", "dotcom-cohort")
SOURCES = (
    (r"spec/", "model/index.md"),
    (r"spec/(\w+)\.py", r"model/\1.md"),
    (r"plugins/[\w-]+/src/\w+/worlds/([\w-]+)\.toml", r"worlds/\1.md"),
    (r"plugins/cashcade-ai/src/cashcade_ai/archetypes/(\w+)\.py", r"archetypes/\1.md"),
    (r"plugins/cashcade-ai/src/cashcade_ai/scenarios\.py", "ai-scenarios.md"),
    (r"plugins/cashcade-ai/src/cashcade_ai/estimates/", "estimates.md"),
    (r"python/cashcade/world/fields\.py", "variables.md"),
)
"""Files and folders of which pages are made, and these pages below `docs/`."""

MODEL = "The model"
SEARCH = '<div class="md-search" data-md-component="search" role="dialog"'
"""The dialog of the search, which the theme leaves without a name."""


def made() -> Iterator[tuple[str, str]]:
    """Every page that is made, with its place below `docs/`."""
    yield from model_pages.pages()
    yield "variables.md", variables_page.page()
    for name in WORLDS:
        yield f"worlds/{name}.md", figures.page(load_world(name))
    for archetype in ARCHETYPES:
        yield f"archetypes/{archetype.name}.md", archetype_page(archetype)
    yield "ai-scenarios.md", scenarios.page()
    yield "estimates.md", estimates.page()


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Give every mechanism its line in the navigation."""
    pages = [{model_pages.title(name): f"model/{name}.md"} for name in model_pages.order()]
    for entry in config.nav or []:
        if MODEL in entry:
            entry[MODEL] = [{"A month, formula by formula": entry[MODEL]}, *pages]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made to those of the tree."""
    for place, text in made():
        files.append(File.generated(config, place, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Put the table of levers into the page of rules; let links to sources lead to pages made of them."""
    place = page.file.src_uri
    return linked(rules_page.page(markdown) if place == "rules.md" else markdown, place)


def linked(markdown: str, place: str) -> str:
    """Return a page with links to the pages that are made, where it links to what these are made of.

    So links of a page lead somewhere in the tree and on the site.

    Parameters
    ----------
    markdown
        Text of the page.
    place
        Its place below `docs/`.
    """
    up = "../" * place.count("/")

    def target(link: re.Match[str]) -> str:
        made_of = link["path"]
        for pattern, page in SOURCES:
            found = re.fullmatch(pattern, made_of)
            if found is not None:
                return f"]({up}{found.expand(page).replace('_', '-' if 'archetypes' in page else '_')}"
        return link[0]

    return re.sub(rf"\]\({re.escape(up)}\.\./(?P<path>[^)#\s]+)", target, markdown)


def on_post_page(output: str, **_: object) -> str:
    """Name the search for who hears the page."""
    if SEARCH not in output:
        raise PluginError(f"the theme has no {SEARCH}>: name its search anew.")
    return output.replace(SEARCH, f'{SEARCH} aria-label="Search"')
