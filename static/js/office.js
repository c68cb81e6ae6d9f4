/**
 * Small comforts for the office. Every page works without this file.
 *
 * - messages can be dismissed, and are read out when the page opens
 * - menus close on Escape and on a click elsewhere
 * - on a phone the filters are folded
 * - j / k move between the rows of a list, / goes to its search field
 * - empty filters stay out of the address
 */
const root = document.documentElement;
root.classList.add("js");

const FIELDS = "input, select, textarea, [contenteditable]";

/** Live regions speak of changes only: put the messages in once more after the page was drawn. */
function announceToasts() {
  const region = document.querySelector(".toasts");
  if (!region || !region.childElementCount) return;
  const toasts = [...region.children];
  region.replaceChildren();
  requestAnimationFrame(() => region.append(...toasts));
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

/** The links that stand for the rows of the page's first list. */
function rowLinks() {
  return [...document.querySelectorAll("table[data-list] tbody tr")]
    .map((row) => row.querySelector("a[href], button"))
    .filter(Boolean);
}

function moveRow(step) {
  const links = rowLinks();
  if (!links.length) return;
  const row = document.activeElement?.closest("table[data-list] tbody tr");
  const current = links.findIndex((link) => link.closest("tr") === row);
  const next = current < 0 ? (step > 0 ? 0 : links.length - 1) : current + step;
  links[Math.min(Math.max(next, 0), links.length - 1)].focus();
}

function focusSearch() {
  const field = document.querySelector(".filters input[name=q]");
  if (!field) return false;
  field.focus();
  field.select();
  return true;
}

document.addEventListener("click", (event) => {
  event.target.closest("[data-dismiss]")?.closest(".toast")?.remove();
  closeMenus(event.target.closest("details.menu"));
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = document.querySelector("details.menu[open]");
    closeMenus(null);
    menu?.querySelector("summary").focus();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(FIELDS)) return;
  if (event.key === "j") moveRow(1);
  else if (event.key === "k") moveRow(-1);
  else if (event.key === "/" && focusSearch()) event.preventDefault();
});

document.addEventListener("htmx:configRequest", (event) => {
  const values = event.detail.formData;
  for (const [name, value] of [...values.entries()]) {
    if (value === "") values.delete(name);
  }
});

/** On a phone the filters stay folded until one is in use, so that the rows are in sight. */
function foldFilters() {
  const more = document.querySelector(".filters__more");
  if (!more) return;
  const narrow = matchMedia("(max-width: 45rem)");
  const fold = () => {
    more.open = !narrow.matches || Boolean(document.querySelector(".chips"));
  };
  narrow.addEventListener("change", fold);
  fold();
}

announceToasts();
foldFilters();
document.querySelector(".form__errors")?.focus();
document.querySelector(".mainnav__link[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
