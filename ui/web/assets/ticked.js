import { onChange } from "./on_change.js";

/** Boxes that belong to the form that decides on many: it says how many are ticked, and ticks all. */
const boxes = () => [...document.querySelectorAll('input[type=checkbox][name=update][form="decide"]')];

function tell() {
  const all = boxes();
  const ticked = all.filter((box) => box.checked).length;
  for (const button of document.querySelectorAll("button[data-ticked]")) {
    const text = ticked === 0 ? button.dataset.ticked : `${button.dataset.ticked} ${ticked}`;
    if (button.textContent !== text) button.textContent = text;
    button.disabled = ticked === 0;
  }
  const every = document.querySelector("input[data-tick-all]");
  if (!every) return;
  every.checked = ticked > 0 && ticked === all.length;
  every.indeterminate = ticked > 0 && ticked < all.length;
}

document.addEventListener("change", ({ target }) => {
  if (target.matches?.("input[data-tick-all]")) { for (const box of boxes()) box.checked = target.checked; }
  tell();
});

onChange(tell);
