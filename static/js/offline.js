// The page a phone shows without signal: fills in what this phone knows of the point in the address.
// Runs before phone.js, which does the rest.
(function () {
  "use strict";

  const form = document.getElementById("tap");
  const ask = document.getElementById("ask");
  const parts = location.pathname.split("/");
  // As the poster's code is read by the server: lower case, spaces, O, I and L are forgiven.
  const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
  const LOOKALIKES = { O: "0", I: "1", L: "1" };

  function codeOf(text) {
    const plain = decodeURIComponent(text).toUpperCase().replace(/[^0-9A-Z]/g, "");
    const code = plain.replace(/[OIL]/g, function (sign) { return LOOKALIKES[sign]; });
    return /^[0-9A-HJKMNP-TV-Z]{10}$/.test(code) ? code : "";
  }

  function byId(name) {
    return document.getElementById(name);
  }

  function fill(name, choices) {
    if (!choices.length) return;
    choices.forEach(function (choice) { byId(name).append(new Option(choice[1], choice[0])); });
    byId(name + "s").hidden = false;
  }

  async function point(code) {
    form.setAttribute("action", "/r/" + code + "/");
    form.setAttribute("data-code", code);
    byId("place").textContent = code.slice(0, 5) + "-" + code.slice(5);
    const queue = self.ciaoQueue;
    const site = await queue.recall("site:" + code);
    const paired = await queue.recall("ticket");
    const here = await queue.recall("ticket:" + code);
    if (site) {
      byId("place").textContent = document.title = site.title;
      fill("workplace", site.workplaces);
      if (!paired) fill("employer", site.employers);
    }
    const isKnown = Boolean(paired || (here && here.endsAt > Date.now()));
    byId("who").hidden = false;
    byId("another").hidden = !isKnown;
    if (isKnown) byId("another").append(byId("who"));
    form.hidden = false;
  }

  function start() {
    const code = parts[1] === "r" ? codeOf(parts[2] || "") : "";
    if (code && UUID.test(parts[3])) {
      // Only the server gives out such an address, and only for what it has stored.
      byId("stored").querySelector("a").href = "/r/" + code + "/";
      byId("stored").hidden = false;
      byId("no-signal").hidden = true;
      return undefined;
    }
    if (code && self.ciaoQueue) return point(code);
    ask.hidden = false;
    ask.addEventListener("submit", function (event) {
      event.preventDefault();
      const typed = codeOf(byId("code").value);
      if (typed) location.assign("/r/" + typed + "/"); else byId("code").setAttribute("aria-invalid", "true");
    });
    return undefined;
  }

  // Deferred like queue.js, which may stand behind it.
  document.addEventListener("DOMContentLoaded", start);
})();
