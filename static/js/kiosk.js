// The tablet of a workplace. Everything works without this file, as plain forms; with it the camera reads cards,
// digits are typed on the screen, the same pages are fetched and put in place so that the camera need not stop,
// and without signal taps are kept (queue.js) as opaque as on a phone. Needs queue.js and kiosk_camera.js.
(function () {
  "use strict";

  const MINUTE = 60000;
  const PATIENCE = 10000;       // for an answer
  const SAME_CARD = 5000;       // a card that stays before the camera is the same tap
  const TYPING = 30000;
  const QUIET_HOUR = 3;         // when the page loads itself anew
  const OLDEST = 20 * 3600000;
  // As `registrations/rules/presented.py` and `chips.py` read them.
  const CARD = /\/c\/[A-Za-z0-9_-]{16,}\/?$|^[A-Za-z0-9_-]{22,}$/;
  const SPACES = /[\s:.-]+/g;
  const SSIN_DIGITS = 11;

  const root = document.documentElement;
  const room = document.getElementById("camera");
  const queue = self.ciaoQueue;
  if (!room) return;

  const loadedAt = Date.now();
  let offset = 0;               // the server's clock minus this one's
  let busy = false;             // a page is being fetched
  let tapping = false;          // a tap is being kept and sent
  let timer = 0;
  let held = "";                // what was presented while there is no signal: in memory, for ten seconds
  let lastCard = { text: "", at: 0 };
  let byFinger = false;         // what stands in the field was typed on the screen
  let idle;                     // the start page, to go back to without signal

  function byId(name) { return document.getElementById(name); }
  function stage() { return byId("stage"); }
  function stageName() { return document.body.getAttribute("data-stage"); }
  function address(name) { return room.getAttribute("data-" + name); }

  // --- Pages ------------------------------------------------------------------------------------------------

  function put(next) {
    stage().replaceWith(next);
    document.body.setAttribute("data-stage", next.getAttribute("data-stage"));
    clearTimeout(timer);
    const seconds = Number(next.getAttribute("data-seconds"));
    if (seconds) timer = setTimeout(start, seconds * 1000);
    const field = byId("ssin");
    if (!field) return;
    held = "";
    byId("keys").hidden = false;
    // The keys stand on the screen already: the system's own would cover them.
    field.setAttribute("inputmode", "none");
    field.focus();
    byFinger = Boolean(field.value);
  }

  function show(fresh) {
    const next = fresh.getElementById("stage");
    root.lang = fresh.documentElement.lang;
    root.dir = fresh.documentElement.dir;
    byId("caption").innerHTML = fresh.getElementById("caption").innerHTML;
    byId("kept").innerHTML = fresh.getElementById("kept").innerHTML;
    say();
    put(document.importNode(next, true));
    if (stageName() === "start" && !next.querySelector("[role=alert]")) idle = stage().cloneNode(true);
  }

  // Resolves to a page of ours; rejects when none comes: no answer, or the word of something between the server
  // and this tablet (a gateway, the sign-in of a hotel's network).
  async function ask(path, fields) {
    const stop = new AbortController();
    const ending = setTimeout(function () { stop.abort(); }, PATIENCE);
    busy = true;
    try {
      const answer = await fetch(path, {
        method: fields ? "POST" : "GET", body: fields && new URLSearchParams(fields), credentials: "same-origin",
        cache: "no-store", headers: { Accept: "text/html" }, signal: stop.signal,
      });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!fresh.getElementById("stage")) {
        // Revoked: the start page says so.
        if (answer.status === 403) location.replace(address("start"));
        throw new Error("not a page of ours");
      }
      return fresh;
    } finally {
      clearTimeout(ending);
      busy = false;
    }
  }

  async function start() {
    if (busy || tapping) return;
    try {
      show(await ask(address("start")));
    } catch (error) {
      if (idle) put(idle.cloneNode(true));
    }
  }

  // --- Who is there -----------------------------------------------------------------------------------------

  async function present(text) {
    if (busy) return;
    const fields = new FormData();
    fields.append("ssin", text);
    try {
      show(await ask(address("who"), fields));
    } catch (error) {
      presentLater(text);
    }
  }

  // A decimal number is a chip's when a reader told it; fingers type national numbers.
  function isChip(text) {
    const chip = text.trim().replace(SPACES, "").toUpperCase();
    if (!/^[0-9A-F]{6,20}$/.test(chip)) return false;
    return /[A-F]/.test(chip) || (!byFinger && chip.length !== SSIN_DIGITS);
  }

  // Without signal: four buttons for a card, a chip or a number without a slip; nothing else would be known later.
  function presentLater(text) {
    if (CARD.test(text.trim()) || isChip(text) || queue.looksRight(text)) {
      put(kept("buttons"));
      held = text;
    } else {
      put(kept(/[a-z]/i.test(text) ? "strange" : "malformed"));
    }
  }

  function kept(name) {
    const found = byId("kept").content.querySelector("[data-say=" + name + "] > main").cloneNode(true);
    found.querySelectorAll("[name=action]").forEach(function (button) {
      button.setAttribute("data-action", button.value);
    });
    return found;
  }

  // --- A tap ------------------------------------------------------------------------------------------------

  // One at a time: a second press while the first is on its way is the same tap.
  async function tap(fields, presented) {
    tapping = true;
    try {
      await keepAndSend(fields, presented);
    } finally {
      tapping = false;
    }
  }

  // Kept before it is sent, so that a tablet that dies in between still has it.
  async function keepAndSend(fields, presented) {
    const item = await queue.tap(fields.get("action"), "", {
      to: address("replay"), employer: fields.get("employer") || "", freshUntil: Date.now() + PATIENCE + 5000,
    });
    fields.set("client_key", item.clientKey);
    fields.set("key_origin", "tap");
    fields.set("claimed_at", String(item.claimedAt));
    const isKept = await keep(item, fields.get("ticket"), presented);
    if (!fields.get("ticket")) {
      put(keptOrNot(item, isKept));
      return count();
    }
    try {
      const page = await ask(address("tap"), fields);
      if (!answers(page)) throw new Error("no word about the tap");
      if (isKept) await queue.drop(item.clientKey);
      show(page);
    } catch (error) {
      // From now on it is the queue's to send; the key makes it one with what may have arrived.
      item.freshUntil = 0;
      if (isKept) await queue.keep(item);
      put(keptOrNot(item, isKept));
    }
    count();
  }

  // The portal's word about a tap: done, or why not.
  function answers(page) {
    return page.getElementById("stage").getAttribute("data-stage") === "done" || page.querySelector("#stage [role=alert]");
  }

  async function keep(item, ticket, presented) {
    try {
      if (ticket) item.ticket = ticket;
      else item.number = await queue.seal(presented, item, { id: address("key"), point: address("point") });
      if (!item.ticket && !item.number) return false;
      if (!ticket) item.freshUntil = 0;
      await queue.keep(item);
      return true;
    } catch (error) {
      return false;
    }
  }

  function keptOrNot(item, isKept) {
    const next = kept(isKept ? "done" : "signal");
    const time = next.querySelector("time");
    if (time) time.textContent = queue.clockTime(item.claimedAt + offset);
    return next;
  }

  async function count(items) {
    const all = items || (await queue.waiting());
    const waiting = all.filter(function (item) { return !(item.freshUntil > Date.now()); });
    byId("strip").hidden = waiting.length === 0;
    byId("count").textContent = String(waiting.length);
  }

  document.addEventListener("submit", function (event) {
    const form = event.target;
    const button = event.submitter;
    const fields = new FormData(form);
    if (button && button.name) fields.append(button.name, button.value);
    event.preventDefault();
    if (busy || tapping) return;
    if (form.id === "tap") {
      if (fields.get("action")) tap(fields, held);
    } else if (form.id === "who") {
      byId("ssin").value = "";
      present(String(fields.get("ssin")));
    } else {
      ask(form.getAttribute("action"), fields).then(show, start);
    }
  });

  document.addEventListener("click", function (event) {
    const link = event.target.closest("a");
    if (link && stage().contains(link)) { event.preventDefault(); start(); }
    const key = event.target.closest("[data-key]");
    if (key && key.tagName === "BUTTON") press(key.getAttribute("data-key"));
  });

  // --- Typing: on the screen, or by a reader that is a keyboard -----------------------------------------------

  function press(key) {
    const field = byId("ssin");
    if (key === "back") field.value = field.value.slice(0, -1);
    else if (key === "clear") field.value = "";
    else if (field.value.length < 20) field.value += key;
    byFinger = true;
    typed(field);
    field.focus();
  }

  function typed(field) {
    // A card's secret is nobody's to read; digits are shown.
    const type = /[a-z]/i.test(field.value) ? "password" : "text";
    if (field.type !== type) field.type = type;
    clearTimeout(timer);
    if (field.value) timer = setTimeout(start, TYPING);
  }

  document.addEventListener("input", function (event) {
    if (event.target.id === "ssin") typed(event.target);
  });

  // Whatever had the focus and whatever somebody left in the field: a reader's first sign is the first there.
  document.addEventListener("keydown", function (event) {
    const field = byId("ssin");
    if (!field || event.ctrlKey || event.metaKey) return;
    if (event.key.length === 1) {
      if (byFinger) field.value = "";
      field.focus();
    }
    if (event.key !== "Enter") byFinger = false;
  });

  // --- The camera -------------------------------------------------------------------------------------------

  function isReading() {
    return !busy && !tapping && !document.hidden && (stageName() === "start" || stageName() === "done");
  }

  function seen(text) {
    const now = Date.now();
    const isSame = text === lastCard.text && (stageName() === "done" || now - lastCard.at < SAME_CARD);
    lastCard = { text: text, at: now };
    if (!isSame) present(text);
  }

  // --- Through weeks ----------------------------------------------------------------------------------------

  function tick() {
    const now = Date.now() + offset;
    byId("clock").textContent = queue.clockTime(now);
    setTimeout(tick, MINUTE - now % MINUTE + 50);
  }

  function isFree() { return stageName() === "start" && !busy && !tapping && !byId("ssin").value; }

  async function beat() {
    const asked = Date.now();
    let told = null;
    try {
      const answer = await fetch(address("alive"), { credentials: "same-origin", cache: "no-store" });
      // Revoked, or no longer known: the page says so itself.
      if (answer.status === 403) location.reload();
      if (answer.ok) told = await answer.json();
    } catch (error) {
      return;
    }
    if (!told) return;
    offset = told.now - (asked + Date.now()) / 2;
    queue.measure(told.now, asked, Date.now());
    queue.again(count);
    const isOld = Date.now() - loadedAt > OLDEST && new Date().getHours() === QUIET_HOUR;
    if ((isOld || told.version !== root.getAttribute("data-version")) && isFree()) location.reload();
  }

  function stayAwake() {
    if (!navigator.wakeLock || document.hidden) return;
    navigator.wakeLock.request("screen").catch(function () { /* the battery is low: the screen may sleep */ });
  }

  function fillScreen() {
    if (document.fullscreenElement || !root.requestFullscreen) return;
    root.requestFullscreen().catch(function () { /* the browser does not want to */ });
  }

  async function live() {
    if (!("serviceWorker" in navigator)) return;
    try {
      await navigator.serviceWorker.register(address("worker"));
      const ready = await navigator.serviceWorker.ready;
      ready.active.postMessage({ language: root.lang });
    } catch (error) {
      // It goes on without: a reload then needs signal.
    }
  }

  document.addEventListener("visibilitychange", stayAwake);
  document.addEventListener("pointerup", fillScreen);
  self.addEventListener("online", beat);
  const say = self.ciaoCamera(room, isReading, seen);
  if (stageName() === "start") idle = stage().cloneNode(true);
  put(stage());
  say();
  tick();
  beat();
  count();
  setInterval(beat, MINUTE);
  stayAwake();
  live();
})();
