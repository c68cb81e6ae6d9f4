// A QR code made on the phone, because without signal nobody else can make it. Bytes only, error correction L,
// versions 1 to 20 (ISO/IEC 18004). It sets `self.ciaoQr`: `ciaoQr(text)` answers rows of booleans, true for dark,
// without the quiet zone; it throws when the text is longer than `ciaoQr.longest` bytes.
(function () {
  "use strict";

  // Of level L, by version: correction bytes in a block, and blocks.
  const CORRECTION = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28];
  const BLOCKS = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8];
  const MASKS = [
    function (x, y) { return (x + y) % 2; },
    function (x, y) { return y % 2; },
    function (x) { return x % 3; },
    function (x, y) { return (x + y) % 3; },
    function (x, y) { return (Math.floor(x / 3) + Math.floor(y / 2)) % 2; },
    function (x, y) { return ((x * y) % 2) + ((x * y) % 3); },
    function (x, y) { return (((x * y) % 2) + ((x * y) % 3)) % 2; },
    function (x, y) { return (((x + y) % 2) + ((x * y) % 3)) % 2; },
  ];

  // --- Bytes ------------------------------------------------------------------------------------------------

  function allBytes(version) {
    let modules = (16 * version + 128) * version + 64;
    if (version > 1) {
      const marks = Math.floor(version / 7) + 2;
      modules -= (25 * marks - 10) * marks - 55;
      if (version > 6) modules -= 36;
    }
    return Math.floor(modules / 8);
  }

  function dataBytes(version) {
    return allBytes(version) - CORRECTION[version - 1] * BLOCKS[version - 1];
  }

  function headBits(version) {
    return 4 + (version < 10 ? 8 : 16);
  }

  function versionFor(length) {
    for (let version = 1; version <= 20; version += 1) {
      if (headBits(version) + 8 * length <= 8 * dataBytes(version)) return version;
    }
    throw new RangeError("too long for a code");
  }

  function dataOf(bytes, version) {
    const bits = [];
    function push(value, count) {
      for (let at = count - 1; at >= 0; at -= 1) bits.push((value >>> at) & 1);
    }
    push(4, 4);
    push(bytes.length, headBits(version) - 4);
    bytes.forEach(function (byte) { push(byte, 8); });
    const room = 8 * dataBytes(version);
    push(0, Math.min(4, room - bits.length));
    push(0, (8 - (bits.length % 8)) % 8);
    for (let pad = 0xec; bits.length < room; pad ^= 0xec ^ 0x11) push(pad, 8);
    const data = [];
    for (let at = 0; at < bits.length; at += 8) data.push(parseInt(bits.slice(at, at + 8).join(""), 2));
    return data;
  }

  // Multiplication in the field of 256 elements, modulus 0x11d.
  function times(one, other) {
    let product = 0;
    for (let at = 7; at >= 0; at -= 1) {
      product = (product << 1) ^ ((product >>> 7) * 0x11d);
      product ^= ((other >>> at) & 1) * one;
    }
    return product;
  }

  function generator(degree) {
    const found = new Array(degree - 1).fill(0).concat(1);
    let root = 1;
    for (let turn = 0; turn < degree; turn += 1) {
      for (let at = 0; at < degree; at += 1) {
        found[at] = times(found[at], root) ^ (at + 1 < degree ? found[at + 1] : 0);
      }
      root = times(root, 2);
    }
    return found;
  }

  function correctionOf(data, divisor) {
    const rest = new Array(divisor.length).fill(0);
    data.forEach(function (byte) {
      const factor = byte ^ rest.shift();
      rest.push(0);
      divisor.forEach(function (part, at) { rest[at] ^= times(part, factor); });
    });
    return rest;
  }

  // The blocks, byte by byte in turns: first their data, then their correction.
  function interleaved(data, version) {
    const count = BLOCKS[version - 1];
    const divisor = generator(CORRECTION[version - 1]);
    const short = Math.floor(data.length / count);
    const longer = data.length % count;
    const blocks = [];
    for (let block = 0, at = 0; block < count; block += 1) {
      const end = at + short + (block >= count - longer ? 1 : 0);
      blocks.push(data.slice(at, end));
      at = end;
    }
    const parts = [blocks, blocks.map(function (block) { return correctionOf(block, divisor); })];
    const all = [];
    parts.forEach(function (lists) {
      for (let at = 0; at <= Math.max(short, divisor.length); at += 1) {
        lists.forEach(function (list) { if (at < list.length) all.push(list[at]); });
      }
    });
    return all;
  }

  // --- The square -------------------------------------------------------------------------------------------

  function Square(version) {
    this.version = version;
    this.size = version * 4 + 17;
    this.dark = Array.from({ length: this.size }, () => new Array(this.size).fill(false));
    this.fixed = Array.from({ length: this.size }, () => new Array(this.size).fill(false));
  }

  Square.prototype.set = function (x, y, isDark) {
    if (x < 0 || y < 0 || x >= this.size || y >= this.size) return;
    this.dark[y][x] = Boolean(isDark);
    this.fixed[y][x] = true;
  };

  Square.prototype.ring = function (x, y, radius, isDark) {
    for (let dy = -radius; dy <= radius; dy += 1) {
      for (let dx = -radius; dx <= radius; dx += 1) {
        this.set(x + dx, y + dy, isDark(Math.max(Math.abs(dx), Math.abs(dy))));
      }
    }
  };

  Square.prototype.marks = function () {
    if (this.version === 1) return [];
    const count = Math.floor(this.version / 7) + 2;
    const step = Math.ceil((this.version * 4 + 4) / (count * 2 - 2)) * 2;
    const found = [6];
    for (let at = 0; at < count - 1; at += 1) found.splice(1, 0, this.size - 7 - at * step);
    return found;
  };

  Square.prototype.frame = function () {
    const last = this.size - 4;
    for (let at = 0; at < this.size; at += 1) {
      this.set(6, at, at % 2 === 0);
      this.set(at, 6, at % 2 === 0);
    }
    [[3, 3], [last, 3], [3, last]].forEach(([x, y]) => this.ring(x, y, 4, (away) => away !== 2 && away !== 4));
    const marks = this.marks();
    const end = marks.length - 1;
    marks.forEach((x, column) => marks.forEach((y, row) => {
      const isCorner = (column === 0 && row === 0) || (column === 0 && row === end) || (column === end && row === 0);
      if (!isCorner) this.ring(x, y, 2, (away) => away !== 1);
    }));
    this.format(0);
    this.number();
  };

  function checked(value, length, divisor) {
    let rest = value;
    for (let turn = 0; turn < length; turn += 1) rest = (rest << 1) ^ ((rest >>> (length - 1)) * divisor);
    return (value << length) | rest;
  }

  Square.prototype.format = function (mask) {
    const bits = checked((1 << 3) | mask, 10, 0x537) ^ 0x5412; // 1: level L
    const bit = (at) => (bits >>> at) & 1;
    for (let at = 0; at < 6; at += 1) this.set(8, at, bit(at));
    this.set(8, 7, bit(6));
    this.set(8, 8, bit(7));
    this.set(7, 8, bit(8));
    for (let at = 9; at < 15; at += 1) this.set(14 - at, 8, bit(at));
    for (let at = 0; at < 8; at += 1) this.set(this.size - 1 - at, 8, bit(at));
    for (let at = 8; at < 15; at += 1) this.set(8, this.size - 15 + at, bit(at));
    this.set(8, this.size - 8, true);
  };

  Square.prototype.number = function () {
    if (this.version < 7) return;
    const bits = checked(this.version, 12, 0x1f25);
    for (let at = 0; at < 18; at += 1) {
      const far = this.size - 11 + (at % 3);
      const near = Math.floor(at / 3);
      this.set(far, near, (bits >>> at) & 1);
      this.set(near, far, (bits >>> at) & 1);
    }
  };

  // In columns of two, from the right, up and down in turns, around everything fixed.
  Square.prototype.write = function (bytes) {
    let at = 0;
    for (let right = this.size - 1; right > 0; right -= 2) {
      if (right === 6) right = 5;
      const isUp = ((right + 1) & 2) === 0;
      for (let step = 0; step < this.size; step += 1) {
        const y = isUp ? this.size - 1 - step : step;
        for (let x = right; x > right - 2; x -= 1) {
          if (this.fixed[y][x]) continue;
          this.dark[y][x] = at < bytes.length * 8 && ((bytes[at >>> 3] >>> (7 - (at & 7))) & 1) === 1;
          at += 1;
        }
      }
    }
  };

  Square.prototype.masked = function (mask) {
    for (let y = 0; y < this.size; y += 1) {
      for (let x = 0; x < this.size; x += 1) {
        if (!this.fixed[y][x] && MASKS[mask](x, y) === 0) this.dark[y][x] = !this.dark[y][x];
      }
    }
  };

  // How hard it is to read: long runs, blots, what looks like a corner, too much of one colour.
  Square.prototype.penalty = function () {
    const size = this.size;
    let found = 0;
    let count = 0;
    const rows = this.dark.map((row) => row.map(Number).join(""));
    const columns = rows.map((_row, x) => rows.map((row) => row[x]).join(""));
    rows.concat(columns).forEach(function (text) {
      (text.match(/(0{5,}|1{5,})/g) || []).forEach(function (run) { found += run.length - 2; });
      found += 40 * (text.match(/(?=(00001011101|10111010000))/g) || []).length;
    });
    for (let y = 0; y < size; y += 1) {
      for (let x = 0; x < size; x += 1) {
        count += this.dark[y][x] ? 1 : 0;
        const one = this.dark[y][x];
        if (x && y && one === this.dark[y][x - 1] && one === this.dark[y - 1][x] && one === this.dark[y - 1][x - 1]) found += 3;
      }
    }
    return found + 10 * Math.floor(Math.abs((count * 20) / (size * size) - 10));
  };

  function code(text) {
    const bytes = Array.from(new TextEncoder().encode(text));
    const version = versionFor(bytes.length);
    const square = new Square(version);
    square.frame();
    square.write(interleaved(dataOf(bytes, version), version));
    let best = 0;
    let least = Infinity;
    for (let mask = 0; mask < MASKS.length; mask += 1) {
      square.masked(mask);
      square.format(mask);
      const penalty = square.penalty();
      if (penalty < least) { least = penalty; best = mask; }
      square.masked(mask); // a second time takes it away again
    }
    square.masked(best);
    square.format(best);
    return square.dark;
  }

  code.longest = dataBytes(20) - 3;
  self.ciaoQr = code;
})();
