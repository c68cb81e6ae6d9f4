/**
 * Small comforts for the office. Every page works without this file.
 *
 * - messages can be dismissed, and are read out when the page opens
 * - menus close on Escape and on a click elsewhere
 * - on a phone the filters are folded
 * - / goes to the search, g and a letter to a part of the portal, ? shows all keys (rows: lists.js)
 * - empty filters stay out of the address
 * - a file that is too large is told before it is sent
 */
const root = document.documentElement;
root.classList.add("js");

const FIELDS = "input, select, textarea, [contenteditable]";
/** How long after `g` its letter may come. */
const LETTER_MS = 1500;

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

/** The search over everything; on a page without it, the search of its list. */
function focusSearch() {
  const field = document.querySelector("#search, .filters input[name=q]");
  field?.focus();
  field?.select();
}

function refuseLarge(field) {
  const isTooLarge = [...field.files].some((file) => file.size > Number(field.dataset.mostBytes));
  field.parentElement.querySelector("[data-early]")?.remove();
  if (!isTooLarge) return;
  field.value = "";
  const told = document.createElement("ul");
  told.className = "field__errors";
  told.dataset.early = "";
  told.setAttribute("role", "alert");
  const line = document.createElement("li");
  line.textContent = field.dataset.tooLarge;
  told.append(line);
  field.before(told);
}

document.addEventListener("change", (event) => {
  if (event.target.matches("input[type=file][data-most-bytes]")) refuseLarge(event.target);
});

let waitsForLetter = 0;

function goTo(letter) {
  document.querySelector(`[data-go="${CSS.escape(letter)}"]`)?.click();
}

function showShortcuts() {
  closeMenus(null);
  document.getElementById("shortcuts")?.showModal();
}

/** What a key does, while nobody is typing. True when the key was meant for us. */
function press(key) {
  if (waitsForLetter > Date.now()) {
    waitsForLetter = 0;
    goTo(key);
    return true;
  }
  if (key === "g") waitsForLetter = Date.now() + LETTER_MS;
  else if (key === "/") focusSearch();
  else if (key === "?") showShortcuts();
  else return false;
  return true;
}

document.addEventListener("click", (event) => {
  event.target.closest("[data-dismiss]")?.closest(".toast")?.remove();
  if (event.target.closest("[data-shortcuts]")) showShortcuts();
  // A click on the veil around a dialog is a click on the dialog itself.
  if (event.target.matches("dialog[open]")) event.target.close();
  closeMenus(event.target.closest("details.menu"));
});

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") {
    const menu = document.querySelector("details.menu[open]");
    closeMenus(null);
    menu?.querySelector("summary").focus();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(FIELDS)) return;
  // Names of several letters are keys such as Shift and Tab.
  if (event.key.length > 1) return;
  if (press(event.key)) event.preventDefault();
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
