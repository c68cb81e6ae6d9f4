// Buttons that copy a field: shown only where copying works, because the field itself can always be selected.
"use strict";
if (navigator.clipboard) {
  document.querySelectorAll("[data-copy]").forEach(function (button) {
    var words = button.querySelector("span");
    var before = words.textContent;
    button.hidden = false;
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value).then(function () {
        words.textContent = button.dataset.done;
        setTimeout(function () {
          words.textContent = before;
        }, 2000);
      });
    });
  });
}
