import { onChange } from "./on_change.js";

/** Boxes that belong to the form that decides on many: it says how many are ticked, and ticks all. */
const boxes = () => [...document.querySelectorAll('input[type=checkbox][name=update][form="decide"]')];

function tell() {
  const all = boxes();
  const ticked = all.filter((box) => box.checked).length;
  for (const button of document.querySelectorAll("button[data-ticked]")) {
    const text = `${button.dataset.ticked} ${ticked === 0 ? "those ticked" : ticked}`;
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

/** What was decided is told in the notice, which takes the focus that the button loses; what failed can be ticked again. */
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx.sourceElement?.id !== "decide" || ctx.response.status !== 200) return;
  for (const box of boxes()) box.checked = false;
  ctx.sourceElement.reset();
  tell();
  const notice = document.getElementById("notice");
  notice.tabIndex = -1;
  notice.focus();
  // where no stream does it
  if (!document.querySelector("[data-live]")) renew();
});

/** The parts of the page as they are now, but for those in which people type. */
function renew() {
  for (const { id } of document.querySelectorAll("main > section[id]:not(:has(form))")) {
    const [target, select] = [`#${id}`, `#${id}`];
    htmx.ajax("GET", location.pathname + location.search, { target, select, swap: "outerMorph" });
  }
}

onChange(tell);
