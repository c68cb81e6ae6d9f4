// Shows what waits on this phone as codes for another phone. Needs queue.js, bundle.js and qr.js.
(function () {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";
  const QUIET = 4;

  function byId(name) {
    return document.getElementById(name);
  }

  function path(rows) {
    const parts = [];
    rows.forEach(function (row, y) {
      row.forEach(function (isDark, x) { if (isDark) parts.push("M" + x + " " + y + "h1v1h-1z"); });
    });
    return parts.join("");
  }

  function picture(address) {
    const rows = self.ciaoQr(address);
    const size = rows.length + 2 * QUIET;
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", [-QUIET, -QUIET, size, size].join(" "));
    svg.setAttribute("shape-rendering", "crispEdges");
    svg.setAttribute("class", "code");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", byId("codes").getAttribute("data-name"));
    [["#fff", "M-4 -4h" + size + "v" + size + "h-" + size + "z"], ["#000", path(rows)]].forEach(function (layer) {
      const shape = document.createElementNS(SVG, "path");
      shape.setAttribute("fill", layer[0]);
      shape.setAttribute("d", layer[1]);
      svg.append(shape);
    });
    return svg;
  }

  async function show() {
    const items = await self.ciaoQueue.waiting();
    const packed = self.ciaoBundle.pack(items, location.origin + byId("codes").getAttribute("data-address"));
    byId("codes").replaceChildren.apply(byId("codes"), packed.codes.map(picture));
    byId("nothing").hidden = items.length > 0;
    byId("how").hidden = packed.codes.length === 0;
    byId("left").hidden = packed.left.length === 0;
  }

  document.addEventListener("DOMContentLoaded", show);
  document.addEventListener("visibilitychange", show);
})();
