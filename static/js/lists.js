/**
 * Comforts for lists. Every list works without this file.
 *
 * - j / k go to the next and the previous row, Enter opens it (the link of a row has the focus)
 * - one tick takes all rows of the page; the bar below says how many are ticked
 */
const FIELDS = "input:not([type=checkbox]), select, textarea, [contenteditable]";
const ROWS = "table[data-list] tbody tr";

function rowLinks() {
  return [...document.querySelectorAll(ROWS)].map((row) => row.querySelector("td a[href]")).filter(Boolean);
}

function moveRow(step) {
  const links = rowLinks();
  if (!links.length) return;
  const row = document.activeElement?.closest(ROWS);
  const current = links.findIndex((link) => link.closest("tr") === row);
  const next = current < 0 ? (step > 0 ? 0 : links.length - 1) : current + step;
  const link = links[Math.min(Math.max(next, 0), links.length - 1)];
  link.focus();
  link.scrollIntoView({ block: "nearest" });
}

const ticks = () => [...document.querySelectorAll("[data-tick]")];

/** The words come from the page, in its language: `data-one` and `data-many` with `{}` for the number. */
function showSelection() {
  const bar = document.querySelector("[data-selection]");
  if (!bar) return;
  const all = ticks();
  const count = all.filter((tick) => tick.checked).length;
  const words = count === 1 ? bar.dataset.one : bar.dataset.many;
  bar.querySelector("[data-selection-count]").textContent = words.replace("{}", count);
  bar.hidden = count === 0;
  const whole = document.querySelector("[data-tick-all]");
  whole.checked = count > 0 && count === all.length;
  whole.indeterminate = count > 0 && count < all.length;
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-tick-all]")) {
    for (const tick of ticks()) tick.checked = event.target.checked;
  }
  if (event.target.matches("[data-tick-all], [data-tick]")) showSelection();
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest(FIELDS)) return;
  if (event.key === "j") moveRow(1);
  else if (event.key === "k") moveRow(-1);
  else return;
  event.preventDefault();
});

document.addEventListener("htmx:afterSettle", showSelection);
showSelection();
