"use strict";
(async () => {
  const data = JSON.parse(document.getElementById("report-data").textContent);
  const drawn = {};
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const INKS = {
    light: { text: "#1b1e23", soft: "#555b66", line: "#d5d9df" },
    dark: { text: "#e8eaee", soft: "#aab1bc", line: "#3a404a" },
  };

  // Canvas text does not follow the style of the page: give it its colours.
  const paint = (plot, ink) => {
    for (const axis of [...plot.below, ...plot.left]) {
      if (!axis.ticker) continue;
      axis.setv({
        major_label_text_color: ink.text, axis_label_text_color: ink.soft,
        axis_line_color: axis.axis_line_color === null ? null : ink.soft,
        major_tick_line_color: axis.major_tick_line_color === null ? null : ink.soft,
      });
    }
    for (const { glyph } of plot.renderers) {
      if (glyph.type === "Segment") glyph.setv({ line_color: ink.soft });
    }
    for (const part of [...plot.center, ...plot.above]) {
      if (part.type === "Grid" && part.grid_line_color !== null) part.setv({ grid_line_color: ink.line });
    }
  };
  const paintAll = (name) => Object.values(drawn).forEach((plot) => paint(plot, INKS[name]));
  const screen = () => (dark.matches ? "dark" : "light");

  const row = (cells) => {
    const line = document.createElement("tr");
    cells.forEach((text, place) => {
      const cell = document.createElement(place ? "td" : "th");
      if (!place) cell.scope = "row";
      cell.textContent = text;
      line.append(cell);
    });
    return line;
  };

  const keyOf = (chart) => {
    const parts = document.getElementById(chart).dataset.options.split("|");
    const kinds = data[chart].kinds;
    for (const select of document.querySelectorAll(`select[data-chart="${chart}"]`)) {
      parts[kinds.indexOf(select.dataset.kind)] = select.value;
    }
    return parts.join("|");
  };

  const numbers = (column) => column.map((value) => (value === null ? NaN : value));

  const show = (chart) => {
    const view = data[chart].views[keyOf(chart)];
    const plot = drawn[chart];
    const note = document.getElementById(`${chart}-alt`);
    plot && document.getElementById(chart).classList.toggle("empty", !view);
    if (!view) {
      note.textContent = "There is nothing to show for this choice.";
      document.querySelector(`#${chart}-table tbody`).replaceChildren();
      return;
    }
    if (plot) {
      const source = plot.document.get_model_by_name("source");
      const columns = Object.entries(view.columns).map(([name, column]) => [name, numbers(column)]);
      const range = plot.document.get_model_by_name("factors");
      if (range) range.setv({ factors: view.factors });
      source.setv({ data: Object.fromEntries(columns) });
    }
    note.textContent = view.alt;
    document.querySelector(`#${chart}-table thead`).replaceChildren(heading(view.header));
    document.querySelector(`#${chart}-table tbody`).replaceChildren(...view.rows.map(row));
  };

  const heading = (cells) => {
    const line = document.createElement("tr");
    for (const text of cells) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = text;
      line.append(cell);
    }
    return line;
  };

  // A choice of one picture is one of all that have it.
  const choose = (event) => {
    const { kind } = event.target.dataset;
    for (const select of document.querySelectorAll(`select[data-kind="${kind}"]`)) {
      const known = [...select.options].some((option) => option.value === event.target.value);
      if (!known) continue;
      select.value = event.target.value;
      show(select.dataset.chart);
    }
  };

  // Labels need more room than there is on a small screen.
  const fit = (plot, width) => {
    for (const axis of plot.below) {
      axis.ticker.setv({ desired_num_ticks: width < 520 ? 3 : 6 });
    }
  };

  // There is nothing to press on a picture: the keyboard passes it, and finds the same numbers in the table below.
  const pass = (part) => {
    for (const inner of part.querySelectorAll("*")) {
      if (inner.tabIndex === 0) inner.tabIndex = -1;
      if (inner.shadowRoot) pass(inner.shadowRoot);
    }
  };

  for (const [key, { item }] of Object.entries(data)) {
    const views = await Bokeh.embed.embed_item({ ...item, target_id: key });
    drawn[key] = [...views.roots][0].model;
    fit(drawn[key], document.getElementById(key).clientWidth);
    pass(document.getElementById(key));
  }
  paintAll(screen());
  for (const select of document.querySelectorAll("select")) select.addEventListener("change", choose);
  dark.addEventListener("change", () => paintAll(screen()));
  let opened = [];
  addEventListener("beforeprint", () => {
    paintAll("light");
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const part of opened) part.open = true;
  });
  addEventListener("afterprint", () => {
    paintAll(screen());
    for (const part of opened) part.open = false;
  });
  document.documentElement.dataset.drawn = Object.keys(drawn).length;
})();
