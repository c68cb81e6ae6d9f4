// The cleaner's page. Everything works without this file; with it, a tap carries its own key and the phone's
// clock, is kept on the phone until the server has it, and the NSSO's number appears by itself.
(function () {
  "use strict";

  const PATIENCE = 10000;
  const queue = self.ciaoQueue;
  const form = document.getElementById("tap");
  const main = document.querySelector("main");
  const store = document.getElementById("waiting");
  const isOffline = Boolean(form && form.hasAttribute("data-offline"));
  const codeHere = form && !isOffline ? form.getAttribute("action").split("/")[2] : "";

  function newKey() {
    if (queue) return queue.newKey();
    return self.crypto && crypto.randomUUID ? crypto.randomUUID() : "";
  }

  // --- What is shown of a tap that waits -----------------------------------------------------------------

  function piece(name) {
    return store.content.querySelector(name === "receipt" ? "section" : "[data-say=" + name + "]").cloneNode(true);
  }

  function wordsOf(item) {
    return store.getAttribute("data-" + item.kind.toLowerCase()) || "";
  }

  function line(item) {
    const row = document.createElement("li");
    const time = document.createElement("time");
    const text = document.createElement("span");
    time.textContent = queue.clockTime(item.claimedAt);
    text.textContent = wordsOf(item);
    if (item.refusal) {
      const why = document.createElement("small");
      why.textContent = item.refusal;
      text.append(why);
    }
    row.append(time, " ", text);
    return row;
  }

  function say(name, words) {
    const before = form.querySelector("[data-say]");
    if (before) before.remove();
    const found = piece(name);
    if (words) found.querySelector("span").textContent = words;
    form.querySelector(".buttons").before(found);
  }

  let shown; // the tap whose waiting is on the screen
  let page; // what stood there before

  function show(item) {
    shown = item;
    const receipt = piece("receipt");
    receipt.setAttribute("data-client-key", item.clientKey);
    receipt.querySelector("time").textContent = queue.clockTime(item.claimedAt);
    receipt.querySelector("time").dateTime = new Date(item.claimedAt).toISOString();
    receipt.querySelector(".words").textContent = wordsOf(item);
    const choices = piece("choices");
    choices.querySelector("button").addEventListener("click", back);
    page = page || Array.from(main.childNodes);
    main.replaceChildren(receipt, piece("SyncManager" in self ? "sync" : "open"), choices);
    scrollTo(0, 0);
    receipt.querySelector("h1").focus({ preventScroll: true });
  }

  function back() {
    shown = undefined;
    main.replaceChildren.apply(main, page);
    page = undefined;
    turned();
  }

  // After each try to send: the confirmation of the tap on the screen, or the list of what waits.
  async function turned(left) {
    const items = left || (await queue.waiting());
    if (shown) {
      const receipt = await queue.receiptOf(shown.clientKey);
      const mine = items.find(function (item) { return item.clientKey === shown.clientKey; });
      if (receipt) location.replace(receipt.url);
      else if (mine && mine.refusal) back();
      return;
    }
    const before = main.querySelector("section[data-say=strip]");
    if (before) before.remove();
    const old = items.filter(function (item) { return !isFresh(item); });
    if (!old.length || shown) return;
    const strip = piece("strip");
    strip.querySelector("ul").append.apply(strip.querySelector("ul"), old.map(line));
    if (isOffline) form.after(strip); else main.append(strip);
  }

  function isFresh(item) {
    return item.freshUntil > Date.now();
  }

  function send() {
    queue.again(turned);
  }

  // --- A tap ----------------------------------------------------------------------------------------------

  const under = new Set(); // the actions on their way
  let plainly = false;

  // Whose tap it is, as far as the phone can keep that: answers why not, if it cannot.
  let once; // the ticket of a card that was shown for this page alone
  const isOnce = Boolean(form && form.hasAttribute("data-once"));

  async function belong(item, number, isAsked) {
    if (number) {
      if (!queue.looksRight(number)) return "digits";
      item.number = await queue.seal(number, item, await queue.recall("key")).catch(function () {});
      return item.number ? "" : "signal";
    }
    if (isOnce) {
      item.ticket = once;
      once = undefined;
      return item.ticket ? "" : "unkept";
    }
    const paired = await queue.recall("ticket");
    const here = await queue.recall("ticket:" + item.code);
    const ends = here && Date.now() + (item.offset || 0) < here.endsAt;
    item.ticket = paired ? paired.ticket : ends ? here.ticket : undefined;
    return item.ticket || !isAsked ? "" : "number";
  }

  // The server's own word about this key, else undefined: no signal, a hotel's page, a broken balancer.
  async function post(item, fields) {
    const stop = new AbortController();
    const timer = setTimeout(function () { stop.abort(); }, PATIENCE);
    try {
      const from = Date.now();
      const answer = await fetch(form.getAttribute("action"), {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams(fields),
        keepalive: true,
        redirect: "error",
        signal: stop.signal,
      });
      const told = await answer.json();
      if (told.clientKey !== item.clientKey) return undefined;
      queue.measure(told.now, from, Date.now());
      return told;
    } catch (error) {
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  async function tapped(button) {
    const fields = new FormData(form);
    const number = (fields.get("ssin") || "").trim();
    const asked = form.elements.ssin && !form.elements.ssin.closest("details");
    const item = await queue.tap(button.value, codeHere || form.getAttribute("data-code"), {
      workplace: fields.get("workplace") || undefined,
      employer: fields.get("employer") || undefined,
    });
    item.freshUntil = item.claimedAt + PATIENCE;
    fields.set("action", item.kind);
    fields.set("client_key", item.clientKey);
    fields.set("key_origin", "tap");
    fields.set("claimed_at", String(item.claimedAt));
    const posting = isOffline && !navigator.onLine ? undefined : post(item, fields);
    let lacking = await belong(item, number, asked);
    if (!lacking) await queue.keep(item).catch(function () { lacking = "unkept"; });
    const told = await posting;
    if (told && told.state === "stored") {
      await queue.drop(item.clientKey).catch(function () {});
      location.assign(told.url);
      return;
    }
    if (told) {
      // Nothing was stored: the server's own page says why, or here its words.
      await queue.drop(item.clientKey).catch(function () {});
      if (isOffline) { say("digits", told.message); return; }
      plainly = true;
      form.requestSubmit(button);
      return;
    }
    if (lacking) {
      say(lacking);
      return;
    }
    delete item.freshUntil;
    await queue.keep(item);
    show(item);
    if (form.elements.ssin) form.elements.ssin.value = "";
    askForSync();
    send();
  }

  function askForSync() {
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(function () {});
    if (!("serviceWorker" in navigator) || !("SyncManager" in self)) return;
    navigator.serviceWorker.ready
      .then(function (worker) { return worker.sync.register("ciao-queue"); })
      .catch(function () {});
  }

  if (form) {
    form.addEventListener("submit", function (event) {
      const button = event.submitter;
      if (plainly || !queue || !store || !button || !button.value) {
        plainly = false;
        if (isOffline) event.preventDefault();
        // Made at the tap: a page the browser kept since yesterday must not repeat yesterday's key.
        form.elements.client_key.value = newKey() || form.elements.client_key.value;
        form.elements.key_origin.value = "tap";
        form.elements.claimed_at.value = String(Date.now());
        return;
      }
      event.preventDefault();
      if (under.has(button.value)) return;
      under.add(button.value);
      button.setAttribute("aria-busy", "true");
      tapped(button).finally(function () {
        under.delete(button.value);
        button.removeAttribute("aria-busy");
      });
    });
  }

  // --- What is kept beforehand ----------------------------------------------------------------------------

  async function prepare() {
    const from = Date.now();
    const answer = await fetch("/r/" + codeHere + "/kit", { cache: "no-store", redirect: "error" });
    const kit = await answer.json();
    queue.measure(kit.now, from, Date.now());
    const known = kit.known || {};
    once = kit.once;
    await queue.learn("key", kit.key);
    await queue.learn("site:" + codeHere, kit.site);
    await queue.learn("ticket", known.isPaired ? known : undefined);
    await queue.learn("ticket:" + codeHere, known.ticket && !known.isPaired ? known : undefined);
  }

  if ("serviceWorker" in navigator && self.isSecureContext) {
    const scope = "/" + location.pathname.split("/")[1] + "/";
    navigator.serviceWorker.register("/sw.js", { scope: scope }).catch(function () {});
    if (navigator.serviceWorker.controller) {
      navigator.serviceWorker.controller.postMessage({ language: document.documentElement.lang });
    }
  }
  if (queue && store) {
    send();
    self.addEventListener("online", send);
    document.addEventListener("visibilitychange", function () { if (!document.hidden) send(); });
    if (codeHere) prepare().catch(function () {});
  }

  // --- The NSSO's answer ------------------------------------------------------------------------------------

  const journey = document.getElementById("journey");
  const address = journey && journey.getAttribute("data-watch");
  const waits = [1000, 1000, 1500, 1500, 2000, 3000, 5000, 8000, 15000, 30000];
  let turn = 0;

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
