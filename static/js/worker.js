// The service worker: without signal it shows the page this phone keeps, which is the same for everybody, and
// sends what waits when the browser says there is signal. It never keeps an answer about a person.
// /sw.js says in `self.ciaoKept` which pages and files are kept, and under which version.
(function () {
  "use strict";

  const PATIENCE = 8000;
  const DAY = 86400000;
  const OUT_OF_ORDER = [502, 503, 504];
  const kept = self.ciaoKept;
  const scope = new URL(self.registration.scope).pathname;
  const prefix = "shell " + scope + " ";
  const name = prefix + kept.version;
  const shell = kept.pages[0];
  const loosely = { ignoreSearch: true, ignoreVary: true };

  function pages() {
    return kept.pages.map(function (path) { return new Request(path, { cache: "no-store", credentials: "same-origin" }); });
  }

  async function fill() {
    const cache = await caches.open(name);
    await cache.addAll(kept.assets.concat(pages()));
  }

  async function clean() {
    const names = await caches.keys();
    const old = names.filter(function (one) { return one.startsWith(prefix) && one !== name; });
    await Promise.all(old.map(function (one) { return caches.delete(one); }));
    await self.clients.claim();
  }

  // The pages again, when the phone now speaks another language or they are a day old.
  async function refresh(language) {
    const cache = await caches.open(name);
    const found = await cache.match(shell, loosely);
    const age = found ? Date.now() - Date.parse(found.headers.get("Date")) : Infinity;
    if (found && found.headers.get("Content-Language") === language && age < DAY) return;
    await cache.addAll(pages());
  }

  function patiently(answer) {
    return new Promise(function (resolve, reject) {
      answer.then(resolve, reject);
      setTimeout(reject, PATIENCE);
    });
  }

  async function page(request, path) {
    let answer;
    try {
      answer = await patiently(fetch(request));
      if (!OUT_OF_ORDER.includes(answer.status)) return answer;
    } catch (error) {
      // No signal, or none worth waiting for.
    }
    const cached = (await caches.match(path, loosely)) || (/^\/(r|me)\//.test(path) && (await caches.match(shell, loosely)));
    return cached || answer || Response.error();
  }

  async function file(request, path) {
    return (await caches.match(path, loosely)) || fetch(request);
  }

  async function sync() {
    const left = await self.ciaoQueue.send();
    // Refused, the browser tries again later.
    if (left.some(function (item) { return !item.refusal; })) throw new Error("something waits");
  }

  self.addEventListener("install", function (event) {
    event.waitUntil(fill().then(function () { return self.skipWaiting(); }));
  });
  self.addEventListener("activate", function (event) { event.waitUntil(clean()); });
  self.addEventListener("message", function (event) {
    if (event.data && event.data.language) event.waitUntil(refresh(event.data.language).catch(function () {}));
  });
  self.addEventListener("sync", function (event) {
    if (event.tag === "ciao-queue") event.waitUntil(sync());
  });
  self.addEventListener("fetch", function (event) {
    const request = event.request;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== self.location.origin) return;
    if (request.mode === "navigate") event.respondWith(page(request, url.pathname));
    else if (kept.assets.includes(url.pathname)) event.respondWith(file(request, url.pathname));
  });
})();
