"""The command that opens a page to play with."""

from cashcade.commands.app import Whole, app, console
from cashcade.commands.given import NO_RESULT, telling
from cashcade.errors import ArgumentError
from cashcade.words.extras import need

LARGEST_PORT = 65_535


@app.command(name="explore")
def explore_command(
    world: str = "ai-2025-08", /, *, months: Whole = 36, port: Whole = 0, no_browser: bool = False
) -> None:
    """Open a page with levers on this machine: chances of failure, and cascades step by step.

    Parameters
    ----------
    world
        Name of a world (see `cashcade worlds`), a .toml file, a folder of tables, or a workbook (.xlsx).
    months
        Months to simulate.
    port
        Port on the loopback address; by default a free one.
    no_browser
        Only print the address.
    """
    need("panel", "the page needs", "explore")
    if not 0 <= port <= LARGEST_PORT:
        raise ArgumentError(
            f"--port is {port}, wanted a number from 1 to {LARGEST_PORT}, or 0 for a free one."
        )
    from cashcade.explore.model import Model  # noqa: PLC0415 - takes time to load, as does the next
    from cashcade.explore.page import LOOPBACK, free_port, serve  # noqa: PLC0415

    with telling(NO_RESULT):
        model = Model(world, months)
    chosen = port or free_port()
    screen = console()
    screen.print(f"http://{LOOPBACK}:{chosen}  (Ctrl-C ends it)", markup=False, highlight=False)
    screen.file.flush()
    serve(model, port=chosen, browser=not no_browser)
