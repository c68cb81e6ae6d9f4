// The tablet of a workplace. Everything works without this file, as plain forms; with it the camera reads cards,
// digits are typed on the screen, and the same pages are fetched and put in place, so that the camera need not stop.
(function () {
  "use strict";

  var IDLE_MS = 60000;          // how often the tablet says that it lives
  var FRAME_MS = 500;           // between two pictures
  var FRAME_WIDTH = 640;
  var SAME_CARD_MS = 5000;      // a card that stays before the camera is the same tap
  var QUIET_HOUR = 3;           // when the page loads itself anew
  var OLDEST_MS = 20 * 3600000;

  var root = document.documentElement;
  var room = document.getElementById("camera");
  var video = document.getElementById("picture");
  if (!room) return;

  var loadedAt = Date.now();
  var offset = 0;               // the server's clock minus this one's
  var busy = false;             // a page is being fetched
  var timer = 0;
  var lastCard = { text: "", at: 0 };

  function stage() { return document.getElementById("stage"); }

  function newKey() {
    if (window.crypto && crypto.randomUUID) return crypto.randomUUID();
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    var hex = Array.prototype.map.call(bytes, function (byte) { return (byte + 256).toString(16).slice(1); }).join("");
    return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
  }

  // --- Pages ------------------------------------------------------------------------------------------

  function show(html) {
    var fresh = new DOMParser().parseFromString(html, "text/html");
    var next = fresh.getElementById("stage");
    if (!next) { location.replace(room.getAttribute("data-start")); return; }
    root.lang = fresh.documentElement.lang;
    root.dir = fresh.documentElement.dir;
    stage().parentNode.replaceChild(document.importNode(next, true), stage());
    var caption = fresh.getElementById("caption");
    if (caption) document.getElementById("caption").innerHTML = caption.innerHTML;
    say();
    entered();
  }

  function ask(address, form) {
    if (busy) return;
    busy = true;
    fetch(address, {
      method: form ? "POST" : "GET",
      body: form ? new URLSearchParams(form) : undefined,
      credentials: "same-origin",
      headers: { Accept: "text/html" }
    })
      .then(function (answer) { return answer.text(); })
      .then(function (html) { busy = false; show(html); })
      .catch(function () { busy = false; lost(); });
  }

  // No answer: the forms still are forms, and the browser says in its own words that there is no signal.
  function lost() {
    room.setAttribute("data-signal", "none");
    restart();
  }

  function restart() {
    clearTimeout(timer);
    timer = setTimeout(start, 12000);
  }

  function start() { ask(room.getAttribute("data-start")); }

  function entered() {
    var now = stage();
    document.body.setAttribute("data-stage", now.getAttribute("data-stage"));
    clearTimeout(timer);
    var seconds = Number(now.getAttribute("data-seconds"));
    if (seconds) timer = setTimeout(start, seconds * 1000);
    var keys = document.getElementById("keys");
    var field = document.getElementById("ssin");
    if (keys) {
      keys.hidden = false;
      // The keys stand on the screen already: the system's own would cover them.
      field.setAttribute("inputmode", "none");
      field.focus();
    }
  }

  function fieldsOf(form, button) {
    var fields = new FormData(form);
    if (button && button.name) fields.append(button.name, button.value);
    return fields;
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    var fields = fieldsOf(form, event.submitter || document.activeElement);
    event.preventDefault();
    if (form.id === "tap") {
      fields.set("client_key", newKey());
      fields.set("key_origin", "tap");
      fields.set("claimed_at", String(Date.now()));
    }
    if (form.id === "who") form.elements.ssin.value = "";
    ask(form.getAttribute("action"), fields);
  });

  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a");
    if (link && stage().contains(link)) { event.preventDefault(); ask(link.href); return; }
    var key = event.target.closest && event.target.closest("[data-key]");
    if (key) press(key.getAttribute("data-key"));
  });

  // --- Typing: on the screen, or by a reader that is a keyboard ------------------------------------------

  function press(key) {
    var field = document.getElementById("ssin");
    if (key === "back") field.value = field.value.slice(0, -1);
    else if (key === "clear") field.value = "";
    else if (field.value.length < 20) field.value += key;
    reveal(field);
    restartIfTyped(field);
    field.focus();
  }

  // A card's secret is nobody's to read; digits are shown.
  function reveal(field) {
    var type = /[a-z]/i.test(field.value) ? "password" : "text";
    if (field.type !== type) field.type = type;
  }

  function restartIfTyped(field) {
    clearTimeout(timer);
    if (field.value) timer = setTimeout(start, 30000);
  }

  document.addEventListener("input", function (event) {
    if (event.target.id !== "ssin") return;
    reveal(event.target);
    restartIfTyped(event.target);
  });

  // Whatever had the focus: a reader's first sign lands in the field.
  document.addEventListener("keydown", function (event) {
    var field = document.getElementById("ssin");
    if (field && document.activeElement !== field && event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
      field.focus();
    }
  });

  // --- The camera --------------------------------------------------------------------------------------

  var detector = null;
  var canvas = document.createElement("canvas");
  var looking = false;

  function present(text) {
    var now = Date.now();
    var isDone = document.body.getAttribute("data-stage") === "done";
    var isSame = text === lastCard.text && (isDone || now - lastCard.at < SAME_CARD_MS);
    lastCard = { text: text, at: now };
    if (isSame || busy) return;
    var fields = new FormData();
    fields.append("ssin", text);
    ask(room.getAttribute("data-who"), fields);
  }

  function isReading() {
    var name = document.body.getAttribute("data-stage");
    return !busy && !document.hidden && (name === "start" || name === "done");
  }

  function look() {
    setTimeout(look, FRAME_MS);
    if (looking || !isReading() || video.readyState < 2) return;
    looking = true;
    read().then(function (text) { looking = false; if (text) present(text); }, function () { looking = false; });
  }

  function read() {
    if (detector) {
      return detector.detect(video).then(function (found) { return found.length ? found[0].rawValue : ""; });
    }
    return send();
  }

  function send() {
    var width = Math.min(FRAME_WIDTH, video.videoWidth);
    canvas.width = width;
    canvas.height = Math.round(video.videoHeight * width / video.videoWidth);
    var brush = canvas.getContext("2d");
    brush.filter = "grayscale(1)";
    brush.drawImage(video, 0, 0, canvas.width, canvas.height);
    return new Promise(function (resolve) { canvas.toBlob(resolve, "image/jpeg", 0.6); })
      .then(function (blob) {
        return fetch(room.getAttribute("data-frame"), {
          method: "POST", body: blob, credentials: "same-origin", headers: { "Content-Type": "image/jpeg" }
        });
      })
      .then(function (answer) { return answer.ok ? answer.json() : { text: "" }; })
      .then(function (found) { return found.text; });
  }

  var note = "";

  function say() {
    Array.prototype.forEach.call(document.querySelectorAll("[data-note]"), function (one) {
      one.hidden = one.getAttribute("data-note") !== note;
    });
  }

  function openCamera() {
    if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) {
      note = window.isSecureContext ? "" : "insecure";
      say();
      return;
    }
    navigator.mediaDevices.getUserMedia({ video: { facingMode: "user", width: { ideal: 1280 } }, audio: false })
      .then(function (stream) {
        note = "";
        say();
        video.srcObject = stream;
        video.hidden = false;
        room.setAttribute("data-camera", "on");
        // A camera that was pulled out, or that another program took.
        stream.getVideoTracks()[0].addEventListener("ended", closed);
        return video.play();
      })
      .catch(function (error) {
        note = error && error.name === "NotAllowedError" ? "refused" : "";
        say();
        // What was refused is asked again when the page is loaded; what was busy, in a while.
        if (!note) setTimeout(openCamera, IDLE_MS);
      });
  }

  function closed() {
    video.hidden = true;
    video.srcObject = null;
    room.removeAttribute("data-camera");
    say();
    setTimeout(openCamera, IDLE_MS);
  }

  function findDetector() {
    if (!("BarcodeDetector" in window)) return;
    BarcodeDetector.getSupportedFormats()
      .then(function (formats) {
        if (formats.indexOf("qr_code") >= 0) detector = new BarcodeDetector({ formats: ["qr_code"] });
      })
      .catch(function () { detector = null; });
  }

  // --- Through weeks -------------------------------------------------------------------------------------

  function tick() {
    var now = new Date(Date.now() + offset);
    document.getElementById("clock").textContent = new Intl.DateTimeFormat("nl-BE", {
      hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Europe/Brussels"
    }).format(now);
    setTimeout(tick, 1000 * (60 - now.getSeconds()) + 50);
  }

  function isFree() { return document.body.getAttribute("data-stage") === "start" && !busy && !document.getElementById("ssin").value; }

  function beat() {
    var asked = Date.now();
    fetch(room.getAttribute("data-alive"), { credentials: "same-origin", headers: { Accept: "application/json" } })
      .then(function (answer) {
        // Revoked, or no longer known: the page says so itself.
        if (answer.status === 403) location.reload();
        return answer.ok ? answer.json() : null;
      })
      .then(function (found) {
        if (!found) return;
        room.removeAttribute("data-signal");
        offset = found.now - (asked + Date.now()) / 2;
        var isOld = Date.now() - loadedAt > OLDEST_MS && new Date().getHours() === QUIET_HOUR;
        if ((isOld || found.version !== root.getAttribute("data-version")) && isFree()) location.reload();
      })
      .catch(function () { room.setAttribute("data-signal", "none"); });
  }

  function stayAwake() {
    if (!navigator.wakeLock || document.hidden) return;
    navigator.wakeLock.request("screen").catch(function () { /* the battery is low: the screen may sleep */ });
  }

  function fillScreen() {
    if (document.fullscreenElement || !root.requestFullscreen) return;
    root.requestFullscreen().catch(function () { /* the browser does not want to */ });
  }

  document.addEventListener("visibilitychange", stayAwake);
  document.addEventListener("pointerup", fillScreen);
  entered();
  say();
  tick();
  beat();
  setInterval(beat, IDLE_MS);
  stayAwake();
  findDetector();
  openCamera();
  look();
})();
