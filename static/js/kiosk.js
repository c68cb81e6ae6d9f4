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
  const OUT_OF_ORDER = [502, 503, 504];

  const root = document.documentElement;
  const room = document.getElementById("camera");
  const queue = self.ciaoQueue;
  if (!room) return;

  const loadedAt = Date.now();
  let offset = 0;               // the server's clock minus this one's
  let busy = false;             // a page is being fetched
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

  function show(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const next = fresh.getElementById("stage");
    // Revoked, or a page that is not ours: whatever it is, load it.
    if (!next) return location.replace(address("start"));
    root.lang = fresh.documentElement.lang;
    root.dir = fresh.documentElement.dir;
    byId("caption").innerHTML = fresh.getElementById("caption").innerHTML;
    byId("kept").innerHTML = fresh.getElementById("kept").innerHTML;
    say();
    put(document.importNode(next, true));
    if (stageName() === "start" && !next.querySelector("[role=alert]")) idle = stage().cloneNode(true);
  }

  // Resolves to the page; rejects when no answer comes, or one of something that stands before the server.
  async function ask(path, fields) {
    const stop = new AbortController();
    const ending = setTimeout(function () { stop.abort(); }, PATIENCE);
    busy = true;
    try {
      const answer = await fetch(path, {
        method: fields ? "POST" : "GET", body: fields && new URLSearchParams(fields), credentials: "same-origin",
        cache: "no-store", headers: { Accept: "text/html" }, signal: stop.signal,
      });
      if (OUT_OF_ORDER.includes(answer.status)) throw new Error("out of order");
      return await answer.text();
    } finally {
      clearTimeout(ending);
      busy = false;
    }
  }

  async function start() {
    if (busy) return;
    try {
      show(await ask(address("start")));
    } catch (error) {
      if (idle) put(idle.cloneNode(true));
    }
  }

  // --- Who is there -----------------------------------------------------------------------------------------

  function looksRight(number) {
    const digits = number.replace(/[\s./_–-]/g, "");
    if (!/^\d{11}$/.test(digits)) return false;
    const check = 97 - Number(digits.slice(9));
    return Number(digits.slice(0, 9)) % 97 === check || Number("2" + digits.slice(0, 9)) % 97 === check;
  }

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

  // Without signal: four buttons for whatever is a card, a chip or a number without a slip.
  function presentLater(text) {
    if (/[a-z]/i.test(text) || looksRight(text)) {
      put(kept("buttons"));
      held = text;
    } else {
      put(kept("malformed"));
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

  // Kept before it is sent, so that a tablet that dies in between still has it.
  async function tap(fields) {
    const item = await queue.tap(fields.get("action"), "", {
      to: address("replay"), employer: fields.get("employer") || "", freshUntil: Date.now() + PATIENCE + 5000,
    });
    fields.set("client_key", item.clientKey);
    fields.set("key_origin", "tap");
    fields.set("claimed_at", String(item.claimedAt));
    const isKept = await keep(item, fields.get("ticket"));
    if (!fields.get("ticket")) {
      put(keptOrNot(item, isKept));
      return count();
    }
    try {
      const html = await ask(byId("tap").getAttribute("action"), fields);
      // Whatever the answer is, it is the server's own word.
      if (isKept) await queue.drop(item.clientKey);
      show(html);
    } catch (error) {
      // From now on it is the queue's to send; the key makes it one with what may have arrived.
      item.freshUntil = 0;
      if (isKept) await queue.keep(item);
      put(keptOrNot(item, isKept));
    }
    count();
  }

  async function keep(item, ticket) {
    try {
      if (ticket) item.ticket = ticket;
      else item.number = await queue.seal(held, item, { id: address("key"), point: address("point") });
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
    if (time) time.textContent = clockTime(item.claimedAt + offset);
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
    if (busy) return;
    if (form.id === "tap") {
      if (fields.get("action")) tap(fields);
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
    return !busy && !document.hidden && (stageName() === "start" || stageName() === "done");
  }

  function seen(text) {
    const now = Date.now();
    const isSame = text === lastCard.text && (stageName() === "done" || now - lastCard.at < SAME_CARD);
    lastCard = { text: text, at: now };
    if (!isSame) present(text);
  }

  // --- Through weeks ----------------------------------------------------------------------------------------

  function clockTime(moment) {
    const zone = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Europe/Brussels" };
    return new Intl.DateTimeFormat("en-GB", zone).format(moment);
  }

  function tick() {
    const now = Date.now() + offset;
    byId("clock").textContent = clockTime(now);
    setTimeout(tick, MINUTE - now % MINUTE + 50);
  }

  function isFree() { return stageName() === "start" && !busy && !byId("ssin").value; }

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
