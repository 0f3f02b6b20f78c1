// Without this script the page is whole: all it says, in print too, is there; what is here only helps a reader at a screen.
const root = document.documentElement;
const label = document.body.dataset;
root.classList.add("live");

// On paper the page is a report: notes, rules and the graph stay on the screen, unless all was asked for (--print full, or #print-full in
// the address); then what is folded is shown and folded again.
let unfolded = [];
addEventListener("beforeprint", () => {
  if (location.hash === "#print-full") root.dataset.print = "full";
  if (root.dataset.print === "full") unfolded = [...document.querySelectorAll("main details:not([open])")];
  unfolded.forEach((d) => { d.open = true; });
});
addEventListener("afterprint", () => { unfolded.forEach((d) => { d.open = false; }); unfolded = []; });

// A note opens the tree it points to, by mouse and by keyboard.
function named(hash) {
  try { return decodeURIComponent(hash.slice(1)); } catch { return ""; }  // an address that somebody cut
}
function show() {
  const target = location.hash && document.getElementById(named(location.hash));
  const fold = target && (target.closest("details") || (target.matches("div") && target.querySelector(":scope > details")));
  if (fold) { fold.open = true; target.scrollIntoView(); }
}
addEventListener("hashchange", show); addEventListener("load", show);

// The contents stand open beside the page, and on a phone fold into a bar at its top, which shuts again behind who has chosen.
const contents = document.querySelector("nav details");
const phone = matchMedia("screen and (max-width: 900px)");
const fold = () => { contents.open = !phone.matches; };
phone.addEventListener("change", fold); fold();
addEventListener("click", (e) => {
  const a = e.target.closest("a[href^='#']");
  if (a && a.getAttribute("href") === location.hash) show();
  if (phone.matches && !e.target.closest("nav summary")) contents.open = false;
});
addEventListener("keydown", (e) => { if (e.key === "Escape" && phone.matches) contents.open = false; });

// How high what stays at the top is: an anchor stops below it (page.css).
function measure() {
  const high = (e) => `${e ? e.offsetHeight : 0}px`;
  root.style.setProperty("--bands", high(document.querySelector(".bands")));
  root.style.setProperty("--bar", high(phone.matches && document.querySelector("nav")));
}
new ResizeObserver(measure).observe(document.body); measure();

// Tables of five rows and more are sorted by their columns: up, down, as they were; not those whose rows are parts of others, set in by
// a blank. What is sorted is printed as it is shown.
const collator = new Intl.Collator("zh", { numeric: true });
const NUMBER = /^([+-]?\d+(?:\.\d+)?)%?(?:[〔（([至—–].*|to.*)?$/;
function valueOf(row, column) {
  const text = row.cells[column].textContent.trim(), number = text.replace(/[\s\u202f]/g, "").replace("−", "-").match(NUMBER);
  return { row, text, number: number ? Number(number[1]) : NaN };
}
function sorted(rows, column, way) {
  const all = rows.map((row) => valueOf(row, column)), said = all.filter((one) => !["", "—"].includes(one.text));
  const numbers = said.filter((one) => !isNaN(one.number));
  const first = numbers.length > said.length / 2 ? numbers : said;  // a column of numbers: what is none stands last, as "—" always does
  const rest = all.filter((one) => !first.includes(one));
  const order = first === numbers ? (a, b) => a.number - b.number : (a, b) => collator.compare(a.text, b.text);
  return [...first.sort((a, b) => way * order(a, b)), ...rest].map((one) => one.row);
}
for (const table of document.querySelectorAll("main table")) {
  const body = table.tBodies[0], asMade = body ? [...body.rows] : [];
  const plain = asMade.length >= 5 && table.tHead && !asMade.some((row) => /^\s/.test(row.cells[0].textContent));
  const heads = plain ? [...table.tHead.rows[0].cells].filter((th) => th.textContent.trim()) : [];
  for (const th of heads) {
    const button = document.createElement("button");
    button.type = "button"; button.className = "sort";
    button.setAttribute("aria-label", `${label.sort} ${th.textContent.trim()}`);
    button.addEventListener("click", () => {
      const next = { ascending: "descending", descending: "" }[th.getAttribute("aria-sort")] ?? "ascending";
      heads.forEach((one) => one.removeAttribute("aria-sort"));
      if (next) th.setAttribute("aria-sort", next);
      body.append(...(next ? sorted(asMade, th.cellIndex, next === "ascending" ? 1 : -1) : asMade));
    });
    th.append(button);
  }
}
