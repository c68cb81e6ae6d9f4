// Sends what another phone shows in a code. Needs queue.js and bundle.js.
(function () {
  "use strict";

  const queue = self.ciaoQueue;

  function byId(name) {
    return document.getElementById(name);
  }

  function only(name) {
    ["ask", "waits", "sent", "wrong"].forEach(function (one) { byId(one).hidden = one !== name; });
  }

  function row(item) {
    const found = document.createElement("li");
    const time = document.createElement("time");
    const text = document.createElement("span");
    time.textContent = queue.clockTime(item.claimedAt);
    text.textContent = byId("waiting").getAttribute("data-" + item.kind.toLowerCase());
    found.append(time, " ", text);
    return found;
  }

  function list(items) {
    byId("taken").replaceChildren.apply(byId("taken"), items.map(row));
  }

  // Sent is only what the server gave a receipt for.
  async function turned(items, left) {
    const receipts = await Promise.all(items.map(function (item) { return queue.receiptOf(item.clientKey); }));
    const missing = receipts.filter(function (receipt) { return !receipt; });
    const refused = left.find(function (item) { return item.refusal && items.some(function (one) { return one.clientKey === item.clientKey; }); });
    byId("why").textContent = refused ? refused.refusal : "";
    only(missing.length ? "waits" : "sent");
    document.body.dataset.taken = missing.length ? "waiting" : "sent";
  }

  async function take(items) {
    byId("send").disabled = true;
    try {
      for (const item of items) await queue.keep(item);
    } catch (error) {
      byId("send").disabled = false;
      only("wrong");
      return;
    }
    queue.again(function (left) { turned(items, left); });
  }

  function start() {
    let items;
    try {
      items = self.ciaoBundle.unpack(decodeURIComponent(location.hash.slice(1)));
    } catch (error) {
      only("wrong");
      return;
    }
    // Out of the address, and so out of the history of this phone.
    history.replaceState(null, "", location.pathname);
    list(items);
    only("ask");
    byId("send").addEventListener("click", function () { take(items); });
  }

  document.addEventListener("DOMContentLoaded", start);
})();
