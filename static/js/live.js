/**
 * The page that reads itself again (#live) keeps out of the way. Without this file it still does, every 20 seconds.
 *
 * - it waits while the tab is hidden, and reads at once when somebody comes back to it
 * - it waits while a button is held down on it or words are marked in it
 * - what was unfolded stays unfolded; the focus stays by the ids of the elements (htmx)
 * - when it cannot be read, it says how old it is
 */
const live = () => document.getElementById("live");

let isPressed = false;
let unfolded = [];

function hasMarkedWords() {
  const selection = document.getSelection();
  return Boolean(selection && !selection.isCollapsed && live()?.contains(selection.anchorNode));
}

const isBusy = () => document.hidden || isPressed || hasMarkedWords();

document.addEventListener("pointerdown", (event) => {
  isPressed = Boolean(event.target.closest("#live"));
});
for (const end of ["pointerup", "pointercancel", "blur"]) {
  addEventListener(end, () => {
    isPressed = false;
  });
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) live()?.dispatchEvent(new Event("refresh"));
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id === "live" && isBusy()) event.preventDefault();
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target.id === "live") unfolded = [...live().querySelectorAll("details[open]")].map((part) => part.id);
});

document.addEventListener("htmx:afterSwap", () => {
  for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
  unfolded = [];
});

for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(failure, () => {
    const notice = document.getElementById("live-old");
    if (notice) notice.hidden = false;
  });
}
