// A table of runs. Its cells are kept while the runs stay the same, so that the focus and an open colour chooser stay.

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function buildRow(row, place, send) {
  const show = element("input", { type: "checkbox", title: "show or hide this run" });
  show.setAttribute("aria-label", `show ${row.name}`);
  show.addEventListener("change", () => send({ action: "show", place, value: show.checked }));
  const color = element("input", { type: "color", title: "its colour" });
  color.setAttribute("aria-label", `colour of ${row.name}`);
  color.addEventListener("change", () => send({ action: "color", place, value: color.value }));
  const name = element("button", { type: "button", textContent: row.name, title: "look at this run: draw it thicker" });
  name.addEventListener("click", () => send({ action: "choose", place, value: true }));
  const head = element("th", { scope: "row" }, name);
  const cells = row.cells.map((text) => element("td", { textContent: text }));
  const line = element("tr", {}, element("td", {}, show), element("td", {}, color), head, ...cells);
  return { line, show, color, name };
}

function fill(built, row) {
  built.show.checked = row.shown;
  if (built.color.value !== row.color) built.color.value = row.color;
  built.name.setAttribute("aria-pressed", String(row.chosen));
  built.line.className = row.chosen ? "tw-chosen" : "";
  row.cells.forEach((text, place) => (built.line.cells[place + 3].textContent = text));
}

export default {
  render({ model, el }) {
    const send = (message) => model.send(message);
    const all = element("input", { type: "checkbox", title: "show or hide all runs" });
    all.setAttribute("aria-label", "show all runs");
    all.addEventListener("change", () => send({ action: "show", place: -1, value: all.checked }));
    const table = element("table");
    const box = element("div", { className: "tw-runs", tabIndex: 0 }, table);
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", "runs");
    el.append(box);
    let rows = [];
    let drawn = "";

    function build() {
      const columns = model.get("columns");
      const named = (text) => element("th", { scope: "col", textContent: text });
      const titles = [element("th", { scope: "col" }, all), named("colour"), named("run"), ...columns.map(named)];
      rows = model.get("rows").map((row, place) => buildRow(row, place, send));
      const body = element("tbody", {}, ...rows.map((row) => row.line));
      table.replaceChildren(element("thead", {}, element("tr", {}, ...titles)), body);
    }

    function update() {
      const shown = model.get("rows");
      const now = JSON.stringify([model.get("columns"), shown.map((row) => row.name)]);
      if (now !== drawn) build();
      drawn = now;
      rows.forEach((built, place) => fill(built, shown[place]));
      all.checked = shown.length > 0 && shown.every((row) => row.shown);
      all.indeterminate = !all.checked && shown.some((row) => row.shown);
      box.hidden = shown.length === 0;
    }

    model.on("change:rows change:columns", update);
    update();
    return () => model.off("change:rows change:columns", update);
  },
};
