// Printing shows what is folded; a note opens the tree it points to, by mouse and by keyboard.
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
function show() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const fold = target && (target.closest("details") || target.querySelector("details"));
  if (fold) { fold.open = true; target.scrollIntoView(); }
}
addEventListener("hashchange", show); addEventListener("load", show);
