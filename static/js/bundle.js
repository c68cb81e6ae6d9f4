// What waits on one device as the text of a code, for another device to send. It sets `self.ciaoBundle`:
//
//   pack(items, address)   {codes: addresses, each with the items behind its `#`, left: items that cannot go along}
//   unpack(text)           the items in what stands behind the `#`; throws when that is no bundle of ours
//
// Text: `1`, then `!T` + ticket, and `!I` + fields of an item joined by `~`. What stands behind a `#` is sent to no
// server and stands in no log. Inside are opaque ids, sealed tickets and envelopes, as on the first device.
(function () {
  "use strict";

  const KINDS = ["IN", "OUT", "BREAK_START", "BREAK_END"];
  // Coarse enough for an old camera to read from a cracked screen.
  const MOST = 480;
  const queue = self.ciaoQueue;

  function short(id) {
    if (!id) return "";
    return queue.base64(Uint8Array.from(id.replace(/-/g, "").match(/../g), function (pair) { return parseInt(pair, 16); }));
  }

  function long(text) {
    if (!text) return undefined;
    const hex = Array.from(queue.bytesOf(text), function (byte) { return (byte + 256).toString(16).slice(1); }).join("");
    if (hex.length !== 32) throw new Error("no id");
    return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
  }

  function offsetOf(item) {
    return typeof item.offset === "number" ? Math.round(item.offset).toString(36) : "";
  }

  function written(item, ticket) {
    const who = item.number ? "N" + item.number : String(ticket);
    const clock = [item.claimedAt.toString(36), offsetOf(item), item.jumped ? "1" : ""];
    const fields = [short(item.clientKey), item.code, KINDS.indexOf(item.kind), ...clock, who, short(item.workplace), short(item.employer)];
    return "!I" + fields.join("~");
  }

  function text(items) {
    const tickets = [];
    const rows = items.map(function (item) {
      if (!item.number && !tickets.includes(item.ticket)) tickets.push(item.ticket);
      return written(item, tickets.indexOf(item.ticket));
    });
    return "1" + tickets.map(function (ticket) { return "!T" + ticket; }).join("") + rows.join("");
  }

  function pack(items, address) {
    const able = items.filter(function (item) { return !item.to && KINDS.includes(item.kind) && (item.ticket || item.number); });
    const codes = [];
    let group = [];
    able.forEach(function (item) {
      if (group.length && (address + "#" + text(group.concat(item))).length > MOST) {
        codes.push(address + "#" + text(group));
        group = [];
      }
      group.push(item);
    });
    if (group.length) codes.push(address + "#" + text(group));
    return { codes: codes, left: items.filter(function (item) { return !able.includes(item); }) };
  }

  function read(row, tickets) {
    const [key, code, kind, claimed, offset, jumped, who, workplace, employer] = row.split("~");
    const item = {
      clientKey: long(key), code: code, kind: KINDS[kind], claimedAt: parseInt(claimed, 36),
      offset: offset ? parseInt(offset, 36) : null, jumped: jumped === "1",
      workplace: long(workplace), employer: long(employer), takenOver: true,
    };
    if (who[0] === "N") item.number = who.slice(1); else item.ticket = tickets[who];
    if (!item.clientKey || !item.kind || !item.claimedAt || !(item.number || item.ticket)) throw new Error("no item");
    return item;
  }

  function unpack(all) {
    const [version, ...parts] = all.split("!");
    if (version !== "1" || !parts.length) throw new Error("no bundle");
    const of = function (letter) {
      return parts.filter(function (part) { return part[0] === letter; }).map(function (part) { return part.slice(1); });
    };
    const tickets = of("T");
    return of("I").map(function (row) { return read(row, tickets); });
  }

  self.ciaoBundle = { pack: pack, unpack: unpack };
})();
