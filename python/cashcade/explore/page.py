"""The page itself: widgets of Panel around the model, which holds all numbers."""

import html
import io
import socket
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import panel as pn

from cashcade.errors import CashcadeError
from cashcade.explore import pictures
from cashcade.explore.knobs import Knob
from cashcade.explore.model import BASELINE, COARSE, FINE, Hop, Model, Numbers, Setting
from cashcade.words.names import one_line

LOOPBACK = "127.0.0.1"
"""The only address that the page listens on."""

_CSS = """
:host { font: 14px/1.45 system-ui, sans-serif; overflow-wrap: break-word; }
table { border-collapse: collapse; width: 100%; }
tbody th { min-width: 120px; }
th, td { padding: 2px 8px; text-align: left; border-bottom: 1px solid #ccd3da; font-weight: normal; }
thead th { font-weight: bold; vertical-align: bottom; }
td.n { white-space: nowrap; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; max-height: 430px; overflow-y: auto; }
.gauges { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 10px; }
figure { margin: 0; }
figure svg { max-width: 100%; height: auto; }
li { margin-bottom: 6px; } li.now { background: #fff3e0; color: #222; }
h2 { font-size: 18px; margin: 14px 0 4px; } h1 { font-size: 22px; margin: 4px 0; }
pre { white-space: pre-wrap; max-height: 180px; overflow-y: auto; padding: 8px; }
pre { background: #f3f5f7; color: #222; }
.wrong { background: #fde8e8; color: #7a1020; padding: 8px; }
"""


class Page:
    """A page for one reader.

    Parameters
    ----------
    model
        What gives the numbers; readers may share it.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self.pinned: Setting | None = None
        self.shown: Setting | None = None
        self.hops: tuple[Hop, ...] = ()
        self.asked = 0
        self.scenario = pn.widgets.Select(
            label="Scenario",
            options={name or "none (baseline)": name for name in model.scenarios},
            value=BASELINE,
        )
        self.seed = pn.widgets.IntInput(label="Seed", value=0, start=0, width=110)
        self.sliders = {knob.path: _slider(knob) for knob in model.knobs}
        self.reset = pn.widgets.Button(label="Reset the levers")
        self.pin = pn.widgets.Button(label="Keep this setting as A", color="primary")
        self.unpin = pn.widgets.Button(label="Forget A", disabled=True)
        self.path = pn.widgets.IntInput(label="Path (empty: the worst)", value=None, start=0, width=180)
        self.fall = pn.widgets.Button(label="Cascade", color="danger")
        self.player = pn.widgets.Player(
            label="Hop",
            start=0,
            end=1,
            value=0,
            interval=1500,
            loop_policy="once",
            show_loop_controls=False,
            disabled=True,
            width=300,
        )
        self.export = pn.widgets.FileDownload(
            callback=self._report, filename="report.html", label="Export the report"
        )
        self.said, self.table, self.apart, self.gauges = _pane(), _pane(), _pane(), _pane()
        self.command = _pane()
        self.network = _pane(flex="1 1 320px", most="600px")
        self.story = _pane(flex="1 1 320px", most="none")
        self._connect()

    def _connect(self) -> None:
        for widget in (self.scenario, self.seed):
            widget.param.watch(self._moved, "value")
        for slider in self.sliders.values():
            slider.param.watch(self._moved, "value_throttled")
        self.reset.on_click(lambda _event: self._to_start())
        self.pin.on_click(lambda _event: self._keep(self.setting))
        self.unpin.on_click(lambda _event: self._keep(None))
        self.fall.on_click(lambda _event: self._cascade())
        self.player.param.watch(lambda _event: self._draw_hops(), "value")

    @property
    def setting(self) -> Setting:
        """The setting at which the widgets stand."""
        values = {path: slider.value for path, slider in self.sliders.items()}
        return self.model.setting(values, self.scenario.value, self.seed.value or 0)

    def view(self) -> pn.viewable.Viewable:
        """Give the page, with the numbers of its first setting."""
        world = self.model.world
        head = _pane(
            f"<h1>{_text(world.title)}</h1><p>Figures of {world.date}. Move a lever: numbers "
            f"follow from {COARSE} paths at once, then from {FINE:,} on the same luck.</p>"
        )
        levers = pn.Column(
            self.scenario,
            *self.sliders.values(),
            pn.FlexBox(self.seed, self.reset),
            pn.FlexBox(self.pin, self.unpin),
            styles={"flex": "1 1 290px", "min-width": "270px", "max-width": "420px"},
        )
        answers = pn.Column(
            self.said, _pane("<h2>Who fails, who leaves</h2>"), self.table, self.apart,
            _pane("<h2>Gauges (means over paths)</h2>"), self.gauges,
            _pane("<h2>One path, hop by hop</h2>"),
            pn.FlexBox(self.path, self.fall, align_items="end"), self.player,
            pn.FlexBox(self.network, self.story, flex_wrap="wrap"),
            _pane("<h2>To hand on: the report, and the same numbers from the command line</h2>"),
            self.export, self.command,
            styles={"flex": "3 1 320px", "min-width": "0"},
        )  # fmt: skip
        self.show(FINE)
        return pn.Column(head, pn.FlexBox(levers, answers, flex_wrap="wrap"), sizing_mode="stretch_width")

    def _moved(self, _event: object) -> None:
        """Show coarse numbers at once, and fine ones unless something is moved again before."""
        self.asked += 1
        asked = self.asked

        def fine() -> None:
            if asked == self.asked:
                self.show(FINE)

        def coarse() -> None:
            # Of many moves that came meanwhile only the last is shown.
            if asked == self.asked:
                self.show(COARSE)
                _soon(fine)

        _soon(coarse)

    def _to_start(self) -> None:
        for knob in self.model.knobs:
            self.sliders[knob.path].value = knob.start
        self.scenario.value = BASELINE
        self._moved(None)

    def _keep(self, setting: Setting | None) -> None:
        self.pinned = setting
        self.unpin.disabled = setting is None
        self.show(FINE)

    def show(self, paths: int) -> None:
        """Work out and draw everything for the setting of the widgets."""
        setting, model = self.setting, self.model
        pinned = None if self.pinned is None else replace(self.pinned, seed=setting.seed)
        try:
            now = model.numbers(setting, paths)
            sides = {"now": now} if pinned is None else {"A": model.numbers(pinned, paths), "B": now}
            apart = (
                "" if pinned is None
                else pictures.differences(model.compared(pinned, setting, paths), model.names)
            )  # fmt: skip
        except CashcadeError as error:
            self.said.object = f"<p class='wrong' role='alert'>{_text(str(error))}</p>"
            return
        self.said.object = ""
        self.table.object = pictures.failures(sides, model.names, model.months)
        self.apart.object = apart
        self.gauges.object = pictures.gauges(sides)
        self.command.object = f"<pre>{html.escape(model.command(setting, FINE))}</pre>"
        if self.hops and self.shown == setting:
            return
        self.shown, self.hops = setting, ()
        self.player.disabled = True
        self._draw(now, ())
        self.story.object = (
            "<p>Press Cascade to run one path again and see who falls when, and at whose cost.</p>"
        )

    def _cascade(self) -> None:
        setting = self.setting
        self.asked += 1  # fine numbers that are still to come are those of this setting
        try:
            self.show(FINE)
            path = self.path.value
            path = self.model.worst_path(setting) if path is None else path
            self.hops = () if path is None else self.model.cascade(setting, path)
        except CashcadeError as error:
            self.story.object = f"<p class='wrong' role='alert'>{_text(str(error))}</p>"
            return
        if not self.hops:
            where = "on any path" if path is None else f"on path {path}"
            self.story.object = f"<p>Nobody fails {where}.</p>"
            return
        self.player.param.update(end=len(self.hops), value=1, disabled=False, label=f"Path {path}, hop")
        self._draw_hops()
        self.player.direction = 1

    def _report(self) -> io.BytesIO:
        """Give the report of what is shown, of A and B where both are."""
        pinned = None if self.pinned is None else replace(self.pinned, seed=self.setting.seed)
        return io.BytesIO(self.model.report(self.setting, pinned))

    def _draw_hops(self) -> None:
        if not self.hops:
            return
        hops = self.hops[: self.player.value]
        self._draw(self.model.numbers(self.setting), hops)
        self.story.object = pictures.story(
            hops, self.model.names, pd.Timestamp(self.model.world.date).replace(day=1)
        )

    def _draw(self, numbers: Numbers, hops: tuple[Hop, ...]) -> None:
        chances = {name: chance for name, (chance, _) in numbers.failing.items()}
        self.network.object = pictures.network(self.model.names, numbers.ties, chances, hops)


def _slider(knob: Knob) -> Any:  # noqa: ANN401 - a widget
    unit = f", {knob.unit}" if knob.unit else ""
    label = f"{knob.label} ({'times' if knob.how == 'scale' else f'plus{unit}'})"
    return pn.widgets.FloatSlider(
        label=label,
        start=knob.low,
        end=knob.high,
        step=knob.step,
        value=knob.start,
        sizing_mode="stretch_width",
    )


def _pane(content: str = "", flex: str = "", most: str = "") -> Any:  # noqa: ANN401 - a pane
    """Give a piece of the page; `flex` and `most` say how wide it is beside others."""
    wide = {"flex": flex, "max-width": most, "min-width": "0"} if flex else {}
    return pn.pane.HTML(content, stylesheets=[_CSS], sizing_mode="stretch_width", margin=(0, 8), styles=wide)


def _text(text: str) -> str:
    return html.escape(one_line(text))


def _soon(do: Callable[[], None]) -> None:
    """Do something once what has been drawn is on its way; at once where nobody looks."""
    document = pn.state.curdoc
    if document is None or not document.session_context:
        do()
    else:
        document.add_timeout_callback(do, 50)


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def serve(model: Model, *, port: int, browser: bool) -> None:
    """Serve the page to this machine until Ctrl-C.

    Parameters
    ----------
    model
        What it shows.
    port
        Where it listens, on the loopback address only.
    browser
        Whether to open it in a browser.
    """
    origins = [f"{host}:{port}" for host in (LOOPBACK, "localhost")]
    pn.serve(
        lambda: Page(model).view(), address=LOOPBACK, port=port, websocket_origin=origins, show=browser,
        title=one_line(model.world.title), verbose=False,
    )  # fmt: skip
