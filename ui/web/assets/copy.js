/** A button with `data-copy` copies what the element of that id says, and tells so in its own words for a moment. */
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  const told = await copied(source) ? "Copied" : "Press Ctrl+C";
  button.dataset.told = told;
  const status = document.getElementById("copied");
  if (status) status.textContent = told === "Copied" ? "Copied to the clipboard" : "The text is selected: press Ctrl+C";
  setTimeout(() => delete button.dataset.told, 2000);
});

/** Copies; over plain http, where a page may not, it selects the text instead, and gives false. */
async function copied(source) {
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    return true;
  } catch {
    getSelection()?.selectAllChildren(source);
    return false;
  }
}
