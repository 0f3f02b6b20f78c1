// On paper the page is a report: notes, rules and the graph stay on the screen, unless all was asked for (--print full, or #print-full in
// the address); then what is folded is shown and folded again. A note opens the tree it points to, by mouse and by keyboard.
const root = document.documentElement;
let unfolded = [];
addEventListener("beforeprint", () => {
  if (location.hash === "#print-full") root.dataset.print = "full";
  if (root.dataset.print === "full") unfolded = [...document.querySelectorAll("details:not([open])")];
  unfolded.forEach((d) => { d.open = true; });
});
addEventListener("afterprint", () => { unfolded.forEach((d) => { d.open = false; }); unfolded = []; });
function show() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const fold = target && (target.closest("details") || target.querySelector("details"));
  if (fold) { fold.open = true; target.scrollIntoView(); }
}
addEventListener("hashchange", show); addEventListener("load", show);
addEventListener("click", (e) => { const a = e.target.closest("a[href^='#']"); if (a && a.getAttribute("href") === location.hash) show(); });
