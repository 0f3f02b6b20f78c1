// Printing shows what is folded, and folds it again; a note opens the tree it points to, by mouse and by keyboard, as often as it is asked.
let unfolded = [];
addEventListener("beforeprint", () => { unfolded = [...document.querySelectorAll("details:not([open])")]; unfolded.forEach((d) => { d.open = true; }); });
addEventListener("afterprint", () => { unfolded.forEach((d) => { d.open = false; }); unfolded = []; });
function show() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const fold = target && (target.closest("details") || target.querySelector("details"));
  if (fold) { fold.open = true; target.scrollIntoView(); }
}
addEventListener("hashchange", show); addEventListener("load", show);
addEventListener("click", (e) => { const a = e.target.closest("a[href^='#']"); if (a && a.getAttribute("href") === location.hash) show(); });
