// Taps that wait on this device until the server has answered for each by its key. One module for the cleaner's
// page, the tablet and the service worker; it draws nothing. It sets `self.ciaoQueue`:
//
//   tap(kind, code, more)   a new item: key, clock and what is known of the clock; not kept yet (resolves)
//   keep(item)              keep it on the disk; rejects when this device cannot (full, private, too old)
//   waiting()               what is kept, oldest first (resolves to [] where nothing can be kept)
//   drop(clientKey)         forget an item: only after the server answered for it
//   send()                  send what waits, one sender at once on this device; resolves to what still waits
//   again(done)             send now and, with growing pauses, as long as something waits; `done()` after each try
//   receiptOf(clientKey)    {clientKey, registration, url} once the server has it, else undefined
//   measure(now, from, to)  the server's clock `now`, asked for at `from` and answered at `to` of this clock (ms)
//   seal(number, item, key) a typed number that only the server can read; undefined where that is impossible
//   learn(name, value), recall(name)   small facts that tell nothing about a person (undefined forgets)
//   looksRight(number)      whether a national number, as typed, has a right check
//   clockTime(moment)       a moment (ms) as Brussels reads the clock
//
// An item: {clientKey, kind, code, claimedAt, offset, …}. `to` is where it is sent (`/r/replay/` unless said);
// `refusal` the server's words when it cannot be stored, `freshUntil` how long its page itself still tries. Everything else in it is sent as it is: opaque ids only.
(function () {
  "use strict";

  const PLACE = "/r/replay/";
  const MOST = 20; // items in one call
  const PATIENCE = 15000;
  // An old phone that has just woken up takes its time; one whose store never opens is told after this.
  const OPENING = 10000;
  const LEASE = 30000;
  const PAUSES = [2000, 4000, 8000, 15000, 30000, 60000];
  const RECEIPTS_LIVE = 86400000;
  // What `performance.now()` counts from: it is lost when the page ends.
  const life = String(Math.random());
  const local = ["to", "life", "tick", "refusal", "freshUntil"];

  let opened;

  function open() {
    if (!opened) {
      opened = new Promise(function (resolve, reject) {
        const asked = indexedDB.open("ciao", 1);
        setTimeout(function () { reject(new Error("the store does not open")); }, OPENING);
        asked.onupgradeneeded = function () {
          asked.result.createObjectStore("items", { keyPath: "clientKey" });
          asked.result.createObjectStore("receipts", { keyPath: "clientKey" });
          asked.result.createObjectStore("facts");
        };
        asked.onerror = function () { reject(asked.error); };
        asked.onsuccess = function () {
          const base = asked.result;
          base.onversionchange = function () { base.close(); opened = undefined; };
          base.onclose = function () { opened = undefined; };
          resolve(base);
        };
      });
      opened.catch(function () { opened = undefined; });
    }
    return opened;
  }

  // One transaction; `work` gets the stores by name and may return a request, whose result is answered.
  async function within(mode, names, work) {
    const base = await open();
    return new Promise(function (resolve, reject) {
      const act = base.transaction(names, mode, { durability: "strict" });
      const stores = {};
      names.forEach(function (name) { stores[name] = act.objectStore(name); });
      let asked;
      act.oncomplete = function () { resolve(asked ? asked.result : undefined); };
      act.onerror = act.onabort = function () { reject(act.error || new Error("not kept")); };
      asked = work(stores);
    });
  }

  function newKey() {
    if (self.crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, function (byte) { return (byte + 256).toString(16).slice(1); }).join("");
    return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
  }

  function learn(name, value) {
    return within("readwrite", ["facts"], function (stores) {
      return value === undefined ? stores.facts.delete(name) : stores.facts.put(value, name);
    }).catch(function () {});
  }

  function recall(name) {
    return within("readonly", ["facts"], function (stores) { return stores.facts.get(name); })
      .catch(function () {});
  }

  // --- Clocks ---------------------------------------------------------------------------------------------

  let clock;

  function measure(now, from, to) {
    const found = { offset: Math.round(now - (from + to) / 2), width: to - from };
    // An answer that took long says little; better than nothing, worse than an earlier good one.
    if (clock && found.width > 5000) return;
    clock = found;
    learn("clock", found);
  }

  // The clock was set back since: the counter of this page, which nobody sets, ran further than the clock did.
  function jumped(item) {
    return item.jumped || (item.life === life && performance.now() - item.tick - (Date.now() - item.claimedAt) > 60000);
  }

  async function tap(kind, code, more) {
    const item = { clientKey: newKey(), kind: kind, code: code, claimedAt: Date.now(), life: life, tick: performance.now() };
    clock = clock || (await recall("clock"));
    item.offset = clock ? clock.offset : null;
    return Object.assign(item, more);
  }

  // --- Keeping --------------------------------------------------------------------------------------------

  function keep(item) {
    return within("readwrite", ["items"], function (stores) { return stores.items.put(item); });
  }

  async function waiting() {
    try {
      const items = await within("readonly", ["items"], function (stores) { return stores.items.getAll(); });
      return items.sort(function (one, other) { return one.claimedAt - other.claimedAt; });
    } catch (error) {
      return [];
    }
  }

  function drop(clientKey) {
    return within("readwrite", ["items"], function (stores) { return stores.items.delete(clientKey); });
  }

  function receiptOf(clientKey) {
    return within("readonly", ["receipts"], function (stores) { return stores.receipts.get(clientKey); })
      .catch(function () {});
  }

  // --- Sending --------------------------------------------------------------------------------------------

  function sent(item) {
    const told = { jumped: jumped(item) };
    Object.keys(item).forEach(function (name) { if (!local.includes(name)) told[name] = told[name] || item[name]; });
    return told;
  }

  // One call. Whatever is not the server's own word about an item leaves it where it is.
  async function call(address, items) {
    const stop = new AbortController();
    const timer = setTimeout(function () { stop.abort(); }, PATIENCE);
    try {
      const from = Date.now();
      const answer = await fetch(address, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify({ sentAt: from, items: items.map(sent) }),
        credentials: "same-origin",
        cache: "no-store",
        redirect: "error",
        signal: stop.signal,
      });
      if (!answer.ok) {
        // One item must not hold up the others, whatever is wrong with it.
        if (items.length > 1 && [400, 413, 500].includes(answer.status)) {
          for (const item of items) await call(address, [item]);
        }
        return;
      }
      const told = await answer.json();
      if (typeof told.now === "number") measure(told.now, from, Date.now());
      await settle(items, told.items);
    } finally {
      clearTimeout(timer);
    }
  }

  function settle(items, answers) {
    const byKey = new Map(answers.map(function (answer) { return [answer.clientKey, answer]; }));
    return within("readwrite", ["items", "receipts"], function (stores) {
      items.forEach(function (item) {
        const answer = byKey.get(item.clientKey);
        if (!answer) return;
        if (answer.state === "stored" && answer.registration) {
          stores.receipts.put(Object.assign({ at: Date.now() }, answer));
          stores.items.delete(item.clientKey);
        } else if (answer.state === "refused") {
          stores.items.put(Object.assign({}, item, { refusal: answer.message }));
        }
      });
    });
  }

  function isDue(item) {
    const left = (item.freshUntil || 0) - Date.now();
    return !(left > 0 && left < LEASE);
  }

  async function sendAll() {
    const groups = new Map();
    (await waiting()).filter(isDue).forEach(function (item) {
      const address = item.to || PLACE;
      groups.set(address, (groups.get(address) || []).concat(item));
    });
    for (const [address, items] of groups) {
      for (let start = 0; start < items.length; start += MOST) {
        await call(address, items.slice(start, start + MOST)).catch(function () {});
      }
    }
  }

  // Where there are no locks: a lease in the store, taken in one transaction.
  async function leased(work) {
    let mine = false;
    await within("readwrite", ["facts"], function (stores) {
      const asked = stores.facts.get("lease");
      asked.onsuccess = function () {
        const left = (asked.result || 0) - Date.now();
        mine = !(left > 0 && left <= LEASE);
        if (mine) stores.facts.put(Date.now() + LEASE, "lease");
      };
    });
    if (!mine) return;
    try { await work(); } finally { await learn("lease", undefined); }
  }

  async function send() {
    try {
      if (self.navigator.locks) {
        await navigator.locks.request("ciao-queue", { ifAvailable: true }, function (lock) { return lock && sendAll(); });
      } else {
        await leased(sendAll);
      }
      await forgetOldReceipts();
    } catch (error) {
      // Nothing can be kept here, so nothing waits either.
    }
    return waiting();
  }

  function forgetOldReceipts() {
    return within("readwrite", ["receipts"], function (stores) {
      const asked = stores.receipts.openCursor();
      asked.onsuccess = function () {
        const cursor = asked.result;
        if (!cursor) return;
        const age = Date.now() - cursor.value.at;
        if (age > RECEIPTS_LIVE || age < -RECEIPTS_LIVE) cursor.delete();
        cursor.continue();
      };
    });
  }

  let timer;
  let turn = 0;

  async function again(done) {
    clearTimeout(timer);
    const left = await send();
    done(left);
    clearTimeout(timer);
    if (!left.some(function (item) { return !item.refusal; })) { turn = 0; return; }
    timer = setTimeout(function () { again(done); }, PAUSES[Math.min(turn, PAUSES.length - 1)]);
    turn += 1;
  }

  // --- A typed number: for the server's eyes only -----------------------------------------------------------

  const ECDH = { name: "ECDH", namedCurve: "P-256" };

  function base64(bytes) {
    return btoa(String.fromCharCode.apply(null, bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  }

  function bytesOf(text) {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (sign) { return sign.charCodeAt(0); });
  }

  // `key` is {id, point}: the server's public key. The envelope opens for this item's key only.
  async function seal(number, item, key) {
    if (!self.crypto || !crypto.subtle || !key) return undefined;
    const own = await crypto.subtle.generateKey(ECDH, false, ["deriveBits"]);
    const theirs = await crypto.subtle.importKey("raw", bytesOf(key.point), ECDH, false, []);
    const secret = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, own.privateKey, 256);
    const point = new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey));
    const stuff = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
    const cipher = await crypto.subtle.deriveKey(
      { name: "HKDF", hash: "SHA-256", salt: point, info: new TextEncoder().encode("ciao-portal typed number") },
      stuff, { name: "AES-GCM", length: 256 }, false, ["encrypt"]
    );
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const closed = await crypto.subtle.encrypt(
      { name: "AES-GCM", iv: nonce, additionalData: new TextEncoder().encode(item.clientKey) },
      cipher, new TextEncoder().encode(number)
    );
    return [key.id, base64(point), base64(nonce), base64(new Uint8Array(closed))].join(".");
  }

  // --- What every page of ours tells alike ------------------------------------------------------------------

  function looksRight(number) {
    const digits = number.replace(/[\s./_–-]/g, "");
    if (!/^\d{11}$/.test(digits)) return false;
    const check = 97 - Number(digits.slice(9));
    return Number(digits.slice(0, 9)) % 97 === check || Number("2" + digits.slice(0, 9)) % 97 === check;
  }

  function clockTime(moment) {
    const zone = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Europe/Brussels" };
    return new Intl.DateTimeFormat("en-GB", zone).format(moment);
  }

  self.ciaoQueue = {
    tap: tap, keep: keep, waiting: waiting, drop: drop, send: send, again: again, receiptOf: receiptOf,
    measure: measure, seal: seal, learn: learn, recall: recall, newKey: newKey, base64: base64, bytesOf: bytesOf,
    looksRight: looksRight, clockTime: clockTime,
  };
})();
