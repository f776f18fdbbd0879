import { onChange } from "./on_change.js";

const linksOf = (list) => [...list.querySelectorAll("a[href]")];

/** A list with many small links is one stop of the Tab key: its arrow keys go on from link to link. */
document.addEventListener("keydown", (event) => {
  const list = event.target.closest?.("[data-roving]");
  const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -Infinity, End: Infinity }[event.key];
  if (!list || step === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
  const links = linksOf(list);
  const next = Math.max(0, Math.min(links.indexOf(event.target) + step, links.length - 1));
  event.preventDefault();
  links[next]?.focus();
});

document.addEventListener("focusin", (event) => {
  const list = event.target.closest?.("[data-roving]");
  if (list) onlyStop(list, event.target);
});

function onlyStop(list, stop) {
  for (const link of linksOf(list)) {
    const wanted = link === stop ? 0 : -1;
    if (link.tabIndex !== wanted) link.tabIndex = wanted;
  }
}

onChange(() => {
  for (const list of document.querySelectorAll("[data-roving]")) {
    const links = linksOf(list);
    if (links.filter((link) => link.tabIndex === 0).length === 1) continue;
    onlyStop(list, links.find((link) => link === document.activeElement) ?? links.at(-1));
  }
});
