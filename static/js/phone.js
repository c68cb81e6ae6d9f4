// The cleaner's page. Everything works without this file; with it, a tap carries its own key and the phone's
// clock, and the NSSO's number appears by itself.
(function () {
  "use strict";

  function newKey() {
    if (window.crypto && crypto.randomUUID) return crypto.randomUUID();
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    var hex = Array.prototype.map.call(bytes, function (byte) { return (byte + 256).toString(16).slice(1); }).join("");
    return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
  }

  var form = document.getElementById("tap");
  if (form && form.elements.client_key) {
    // Made at the tap: a page the browser kept since yesterday must not repeat yesterday's key.
    form.addEventListener("submit", function () {
      form.elements.client_key.value = newKey();
      form.elements.key_origin.value = "tap";
      form.elements.claimed_at.value = String(Date.now());
    });
  }

  var journey = document.getElementById("journey");
  var address = journey && journey.getAttribute("data-watch");
  var waits = [1000, 1000, 1500, 1500, 2000, 3000, 5000, 8000, 15000, 30000];
  var turn = 0;

  function later() {
    setTimeout(look, waits[Math.min(turn, waits.length - 1)]);
    turn += 1;
  }

  function look() {
    fetch(address, { headers: { Accept: "application/json" } })
      .then(function (answer) { return answer.ok ? answer.json() : null; })
      .then(function (found) {
        if (found) {
          journey.className = "journey " + found.signal;
          document.getElementById("journey-text").textContent = found.text;
        }
        if (!found || !found.done) later();
      })
      .catch(later);
  }

  if (address) later();
})();
