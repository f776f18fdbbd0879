/** Runs `act` now, and again after each change of the page's content: a live message, a swap, a page come back to. */
export function onChange(act) {
  let isDue = false;
  const run = () => {
    isDue = false;
    act();
  };
  new MutationObserver(() => {
    if (isDue) return;
    isDue = true;
    // before the next paint, and once for all that one swap changes
    queueMicrotask(run);
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
  act();
}
