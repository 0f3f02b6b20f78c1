// The explorer (page/explorer.py): sliders choose among points computed beforehand. Nothing is computed, formatted or asked for here.
{
  const box = document.querySelector(".explorer"), find = (what) => [...box.querySelectorAll(what)];
  const { axes, cells, off } = JSON.parse(box.querySelector("script").textContent);
  const table = box.querySelector("table"), turned = box.querySelector("template").content.firstElementChild;
  const sliders = find("input"), buttons = find("[data-at]"), near = box.querySelector(".near"), turn = box.querySelector(".turn");
  let untouched = true;
  const places = (button) => button.dataset.at.split(",").map(Number);
  const base = places(buttons[0]), start = places(buttons.at(-1));
  const textsAt = (at) => cells[at.reduce((sum, i, n) => sum * axes[n].values.length + i, 0)];

  // Thousands stand apart by a mark that is not copied, as everywhere on the page; what stays is not said again.
  function write(cell, text) {
    const parts = text.split("\u202f");
    if (cell.textContent === parts.join("")) return;
    const gap = () => Object.assign(document.createElement("i"), { className: "k" });
    cell.replaceChildren(...parts.flatMap((part, i) => (i ? [gap(), part] : [part])));
  }

  function show(at, elsewhere = false) {
    untouched = false;
    axes.forEach((axis, n) => {
      sliders[n].value = at[n];
      sliders[n].setAttribute("aria-valuetext", axis.texts[at[n]]);
      find(`[data-axis=${axis.key}]`).forEach((e) => { e.textContent = axis.texts[at[n]]; });
    });
    const here = textsAt(at), there = textsAt(base);
    [...table.tBodies[0].rows].forEach((row, r) => [there[r][0], ...here[r]].forEach((text, c) => write(row.cells[c + 1], text)));
    buttons.forEach((one) => one.setAttribute("aria-pressed", one.dataset.at === at.join(",")));
    near.textContent = elsewhere ? off : "";
  }

  // #cap=1.2&beta=0.5: each value is taken to the nearest one computed, and it is said where that is another.
  function read() {
    const asked = new URLSearchParams(location.hash.slice(1));
    if (!axes.some((axis) => asked.get(axis.key))) return;
    let elsewhere = false;
    show(axes.map(({ key, values }, n) => {
      if (!asked.has(key)) return start[n];
      const value = Number(asked.get(key) || NaN), far = values.map((one) => Math.abs(one - value));
      const i = Number.isFinite(value) ? far.indexOf(Math.min(...far)) : start[n];
      elsewhere ||= values[i] !== value;
      return i;
    }), elsewhere);
    box.scrollIntoView();
  }
  const keep = (at) => history.replaceState(null, "", `#${axes.map((axis, n) => `${axis.key}=${axis.values[at[n]]}`).join("&")}`);
  const chosen = () => sliders.map((one) => Number(one.value));

  // On paper stands what is chosen; before anything is, the ends of the grid, as without this script.
  const ends = [table.tHead, table.tBodies[0]], live = [turned.tHead, turned.tBodies[0]];
  function put(parts) {
    table.tHead.replaceWith(parts[0]); table.tBodies[0].replaceWith(parts[1]);
    turn.hidden = parts === ends;
  }
  addEventListener("beforeprint", () => { if (untouched) put(ends); });
  addEventListener("afterprint", () => put(live));
  sliders.forEach((one) => {
    one.addEventListener("input", () => show(chosen()));
    one.addEventListener("change", () => keep(chosen()));
  });
  buttons.forEach((one) => one.addEventListener("click", () => { show(places(one)); keep(places(one)); }));
  addEventListener("hashchange", read); addEventListener("load", read);
  put(live); show(start);
  untouched = true;
}
