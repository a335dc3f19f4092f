/* The village map. geo/village_map.py calls VillageMap.draw once and VillageMap.show with every filter.
   Shapes are fetched once by address (geo/shapes.py says how they are packed); only numbers come with a filter.
   Whatever is shown as text goes through textContent or fillText: a name is never read as HTML. */
(function () {
  "use strict";

  const UNITS = 100000; // of the packed coordinates, to a degree
  const FILL_SPACING = 6, MARK_SPACING = 16; // px between villages from which their fills, their circles are told apart
  const NAME_SPACING = 44; // px between areas from which their names are written
  const LAST_DIGITS = "0123456789abcdefghijklmnopqrstuv", LEADING_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ!()*+:";
  const NUMBERS = new Intl.NumberFormat("en-US");
  const LEGEND_WIDTH = 200; // px, about; measured it cannot be, as styles may arrive after the script
  const PHONE = 640; // px: up to here the page stacks its columns
  const TIP = 240; // px that a tip needs
  const EDGE = 15, STRIP = 56, LEAST = 440; // px beside or below the map; below it on a phone; and never less high on a screen
  const ASTRAY = 300; // px² of a name that marks may cover before it rather stands outside its own area
  const INK = "#1c2430", PAPER = "#ffffff";
  const FONT = '"Noto Sans SC","Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC",sans-serif';

  const state = { map: null, view: null, values: null, levels: {}, asked: {}, hover: null, focus: null, failed: false, following: false };

  // --- shapes ---------------------------------------------------------------------------------------------------------

  /* Longitude and latitude to the unit square of Web Mercator, in which everything is kept. */
  function project(lon, lat) {
    if (state.view.basemap && state.view.basemap.shifted) [lon, lat] = shiftGcj(lon, lat);
    const sine = Math.sin((lat * Math.PI) / 180);
    return [lon / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
  }

  /* WGS-84 to GCJ-02, as in geo/crs.py (a test compares the two). */
  function shiftGcj(lon, lat) {
    const x = lon - 105, y = lat - 35, { sin, sqrt, abs, PI, cos } = Math;
    const root = sqrt(abs(x)), cross = 0.1 * x * y, ripple = 20 * sin(6 * PI * x) + 20 * sin(2 * PI * x);
    const north = -100 + 2 * x + 3 * y + 0.2 * y * y + cross + 0.2 * root
      + ((ripple + 20 * sin(PI * y) + 40 * sin((PI / 3) * y) + 160 * sin((PI / 12) * y) + 320 * sin((PI / 30) * y)) * 2) / 3;
    const east = 300 + x + 2 * y + 0.1 * x * x + cross + 0.1 * root
      + ((ripple + 20 * sin(PI * x) + 40 * sin((PI / 3) * x) + 150 * sin((PI / 12) * x) + 300 * sin((PI / 30) * x)) * 2) / 3;
    const axis = 6378245, flat = 0.00669342162296594323, slope = (lat * PI) / 180, bend = 1 - flat * sin(slope) ** 2;
    const degree = PI / 180;
    return [lon + east / (axis * cos(slope) * degree / sqrt(bend)), lat + north / (axis * (1 - flat) * degree / bend ** 1.5)];
  }

  function unpack(bundle) {
    const level = { codes: bundle.codes, names: bundle.names, parents: bundle.parents, rings: [], points: [], boxes: [] };
    bundle.codes.forEach((_code, i) => {
      const rings = bundle.shapes[i].flat().map(unpackRing);
      level.rings.push(rings);
      level.boxes.push(boxOf(rings));
      level.points.push(bundle.points[i] && project(bundle.points[i][0] / UNITS, bundle.points[i][1] / UNITS));
    });
    level.byCode = new Map(bundle.codes.map((code, i) => [code, i]));
    level.box = boxOf([...level.rings.flat(), level.points.filter(Boolean).flat()]);
    return level;
  }

  function unpackRing(ring) {
    const corners = new Float64Array(ring.length);
    for (let i = 0, x = 0, y = 0; i < ring.length; i += 2) {
      [corners[i], corners[i + 1]] = project((x += ring[i]) / UNITS, (y += ring[i + 1]) / UNITS);
    }
    return corners;
  }

  function boxOf(rings) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const ring of rings) {
      for (let i = 0; i < ring.length; i += 2) {
        box[0] = Math.min(box[0], ring[i]); box[1] = Math.min(box[1], ring[i + 1]);
        box[2] = Math.max(box[2], ring[i]); box[3] = Math.max(box[3], ring[i + 1]);
      }
    }
    return box;
  }

  /* Fetch the shapes of a level, once. */
  function fetchLevel(name) {
    if (state.asked[name] || !state.view.shapes[name]) return;
    state.asked[name] = true;
    fetch(state.view.shapes[name])
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.status))))
      .then((bundle) => { state.levels[name] = unpack(bundle); refresh(); })
      .catch(() => { state.failed = true; refresh(); });
  }

  // --- numbers --------------------------------------------------------------------------------------------------------

  /* The cells of a layer on a level: a number, null when not reported, "x" when suppressed, "w" when not for the one who looks. */
  function cellsOf(layer, name) {
    return (layer.data[name] || []).map((number) => rowOf(name, number));
  }

  function rowOf(name, number) {
    const cells = (state.values.cells = state.values.cells || {}), key = name + number;
    return (cells[key] = cells[key] || unpackCells(state.values.rows[name][number]));
  }

  /* geo/map_values.py says how cells are written. */
  function unpackCells(row) {
    const cells = [];
    let leading = 0, sign = 1, repeats = false;
    for (const letter of row) {
      const last = LAST_DIGITS.indexOf(letter);
      if (letter === "-") cells.push(null);
      else if (letter === "x" || letter === "w") cells.push(letter);
      else if (letter === "~") sign = -1;
      else if (letter === "^") repeats = true;
      else if (last < 0) leading = leading * 32 + LEADING_DIGITS.indexOf(letter);
      else {
        const number = sign * (leading * 32 + last);
        if (repeats) cells.push(...new Array(number).fill(cells[cells.length - 1]));
        else cells.push(number);
        leading = 0; sign = 1; repeats = false;
      }
    }
    return cells;
  }

  function layersOf(kind) {
    return state.values ? state.values.layers.filter((layer) => layer.kind === kind) : [];
  }

  /* The level that carries the numbers now: of two that were sent, the finer one once its areas can be told apart. */
  function drawnLevel() {
    const sent = state.values ? state.values.levels : [];
    if (sent.length < 2) return sent[0];
    const needed = layersOf("circles").length + layersOf("flags").length ? MARK_SPACING : FILL_SPACING;
    return spacing(sent[1]) >= needed ? sent[1] : sent[0];
  }

  function scale() {
    return 256 * 2 ** state.map.getZoom();
  }

  /* Mean distance between the areas of a level on screen, in px; reckoned over the whole view until its shapes are here. */
  function spacing(name) {
    const [[low, left], [high, right]] = state.view.bounds;
    const [west, north, east, south] = state.levels[name] ? state.levels[name].box : [...project(left, high), ...project(right, low)];
    return Math.sqrt((0.6 * (east - west) * (south - north)) / state.view.sizes[name]) * scale();
  }

  // --- painting -------------------------------------------------------------------------------------------------------

  /* A canvas that moves and zooms with the map and is painted anew when that ends. */
  const Canvas = L.Renderer.extend({
    options: { padding: 0.2 },
    initialize(paint) { L.Renderer.prototype.initialize.call(this); this._paint = paint; },
    _initContainer() {
      this._container = L.DomUtil.create("canvas", "vm-canvas");
      this._container.setAttribute("aria-hidden", "true");
      this._ctx = this._container.getContext("2d");
    },
    _destroyContainer() { L.DomUtil.remove(this._container); delete this._container; },
    _updatePaths() {},
    _reset() { this._update(); }, // Leaflet would set it between two pixels, which blurs
    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const size = this._bounds.getSize(), sharp = Math.min(2, Math.ceil(window.devicePixelRatio || 1));
      L.DomUtil.setPosition(this._container, this._bounds.min);
      Object.assign(this._container, { width: sharp * size.x, height: sharp * size.y });
      Object.assign(this._container.style, { width: size.x + "px", height: size.y + "px" });
      this._ctx.setTransform(sharp, 0, 0, sharp, -sharp * this._bounds.min.x, -sharp * this._bounds.min.y);
      this.repaint();
    },
    repaint() {
      if (!this._container) return;
      const { min, max } = this._bounds, origin = this._map.getPixelOrigin(), k = scale();
      this._ctx.clearRect(min.x, min.y, max.x - min.x, max.y - min.y);
      const seen = [min.x + origin.x, min.y + origin.y, max.x + origin.x, max.y + origin.y].map((side) => side / k);
      this._paint(new Brush(this._ctx, k, origin, seen));
    },
  });

  /* Draws in the unit square what lies in sight. */
  class Brush {
    constructor(ctx, k, origin, seen) { Object.assign(this, { ctx, k, origin, seen }); }
    sees(box) { return box[0] < this.seen[2] && box[2] > this.seen[0] && box[1] < this.seen[3] && box[3] > this.seen[1]; }
    holds(point) { return point && point[0] > this.seen[0] && point[0] < this.seen[2] && point[1] > this.seen[1] && point[1] < this.seen[3]; }
    from(x, y) { return [(x + this.origin.x) / this.k, (y + this.origin.y) / this.k]; }
    at(point) { return [point[0] * this.k - this.origin.x, point[1] * this.k - this.origin.y]; }

    /* Add rings to the path; corners closer than half a pixel are one. Closed by hand: closePath takes ever longer in Chromium. */
    trace(rings) {
      const { ctx, k, origin } = this;
      for (const ring of rings) {
        const startX = ring[0] * k - origin.x, startY = ring[1] * k - origin.y;
        let lastX = startX, lastY = startY;
        ctx.moveTo(startX, startY);
        for (let i = 2; i < ring.length; i += 2) {
          const x = ring[i] * k - origin.x, y = ring[i + 1] * k - origin.y;
          if (Math.abs(x - lastX) + Math.abs(y - lastY) < 0.5) continue;
          ctx.lineTo(x, y);
          lastX = x; lastY = y;
        }
        ctx.lineTo(startX, startY);
      }
    }

    outline(name, colour, width) {
      const level = state.levels[name];
      if (!level) return;
      this.ctx.beginPath();
      level.rings.forEach((rings, i) => { if (this.sees(level.boxes[i])) this.trace(rings); });
      Object.assign(this.ctx, { strokeStyle: colour, lineWidth: width, lineJoin: "bevel" });
      this.ctx.stroke();
    }

    /* A point's mark: see PATHS. */
    mark(shape, x, y, size, colour) {
      const { ctx } = this;
      ctx.beginPath();
      PATHS[shape](ctx, x, y, size);
      Object.assign(ctx, { fillStyle: colour, strokeStyle: PAPER, lineWidth: 1.5, lineJoin: "round" });
      ctx.stroke();
      ctx.fill();
      if (shape === "flag" && size > 5) this.write("!", x, y + size * 0.25, `700 ${Math.round(size * 1.5)}px ${FONT}`, PAPER);
    }

    write(text, x, y, font, colour, halo) {
      const { ctx } = this;
      Object.assign(ctx, { font, fillStyle: colour, textAlign: "center", textBaseline: "middle", lineJoin: "round" });
      if (halo) { Object.assign(ctx, { strokeStyle: halo, lineWidth: 3 }); ctx.strokeText(text, x, y); }
      ctx.fillText(text, x, y);
    }
  }

  function polygon(corners) {
    return (ctx, x, y, r) => {
      corners.forEach(([dx, dy], i) => ctx[i ? "lineTo" : "moveTo"](x + dx * r, y + dy * r));
      ctx.closePath();
    };
  }

  const PATHS = {
    circle: (ctx, x, y, r) => ctx.arc(x, y, r, 0, 2 * Math.PI),
    diamond: polygon([[0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]]),
    triangle: polygon([[0, -1.2], [1.2, 0.9], [-1.2, 0.9]]),
    square: polygon([[-0.95, -0.95], [0.95, -0.95], [0.95, 0.95], [-0.95, 0.95]]),
    cross: polygon([[-1, -0.6], [-0.6, -1], [0, -0.4], [0.6, -1], [1, -0.6], [0.4, 0], [1, 0.6], [0.6, 1], [0, 0.4], [-0.6, 1],
      [-1, 0.6], [-0.4, 0]]),
    flag: polygon([[0, -1.1], [1.15, 0.95], [-1.15, 0.95]]),
  };

  /* Hatch for suppressed, dots for no data: told apart without colour, in print too. */
  function pattern(ctx, kind) {
    const tile = document.createElement("canvas"), pen = tile.getContext("2d");
    tile.width = tile.height = 8;
    Object.assign(pen, { fillStyle: "#f1f2f4", strokeStyle: "#7b8391", lineWidth: 1.2 });
    pen.fillRect(0, 0, 8, 8);
    pen.beginPath();
    if (kind === "x") { pen.moveTo(-2, 6); pen.lineTo(6, -2); pen.moveTo(2, 10); pen.lineTo(10, 2); pen.stroke(); }
    else { pen.arc(2, 2, 0.9, 0, 7); pen.arc(6, 6, 0.9, 0, 7); pen.fillStyle = "#8b93a1"; pen.fill(); }
    return ctx.createPattern(tile, "repeat");
  }

  function paint(brush) {
    const name = drawnLevel(), level = state.levels[name], overTiles = Boolean(state.view.basemap);
    if (level) paintAreas(brush, name, level, overTiles);
    if (name !== "town") brush.outline(name, overTiles ? "rgba(60,68,80,.45)" : "#c5cad2", 0.7);
    brush.outline("town", "#7d8694", 1.1);
    brush.outline("county", "#3d4653", 2);
    if (!level) return;
    state.circles = circlesOf(brush, name, level);
    const marks = [...state.circles, ...flagsOf(brush, name, level), ...schoolsOf(brush)];
    const names = namesOf(brush, name, marks.map((mark) => mark.box));
    names.filter((each) => !each.above).forEach((each) => brush.write(...each.words));
    marks.forEach((mark) => mark.paint());
    names.filter((each) => each.above).forEach((each) => brush.write(...each.words));
  }

  /* Areas of one look are filled together: one call for hundreds of shapes. */
  function paintAreas(brush, name, level, overTiles) {
    const { ctx } = brush, looks = new Map();
    level.rings.forEach((rings, i) => {
      if (!rings.length || !brush.sees(level.boxes[i])) return;
      const mark = groundMark(name, i);
      if (!looks.has(mark)) looks.set(mark, []);
      looks.get(mark).push(rings);
    });
    for (const [mark, shapes] of looks) {
      ctx.fillStyle = mark === "x" || mark === "-" ? pattern(ctx, mark) : fillColour(name, mark);
      ctx.globalAlpha = overTiles ? (mark === "z" || mark === "" ? 0.25 : 0.75) : 1;
      ctx.beginPath();
      shapes.forEach((rings) => brush.trace(rings));
      ctx.fill("evenodd");
    }
    ctx.globalAlpha = 1;
  }

  /* What the ground of an area says: its class, or that numbers are missing ("-"), suppressed ("x") or not for the one who looks ("w"). */
  function groundMark(name, i) {
    const [fill] = layersOf("fill");
    if (fill) return (fill.marks[name] || "")[i] || "-";
    const cells = layersOf("circles").concat(layersOf("flags")).map((layer) => cellsOf(layer, name)[0][i]);
    if (cells.includes("x")) return "x";
    if (cells.length && cells.every((cell) => cell === "w")) return "w";
    return cells.length && cells.every((cell) => cell === null) ? "-" : "";
  }

  function fillColour(name, mark) {
    if (mark === "w") return state.values.outside;
    const [fill] = layersOf("fill");
    return (fill && fill.colours[name] && fill.colours[name][mark]) || state.values.zero;
  }

  /* The circles in sight, the greatest first; two layers touch at the place, one to the left and one to the right. */
  function circlesOf(brush, name, level) {
    const layers = layersOf("circles"), full = fullRadius(name), circles = [];
    layers.forEach((layer, side) => {
      const cells = cellsOf(layer, name)[0];
      level.points.forEach((point, i) => {
        if (!(cells[i] > 0) || !brush.holds(point)) return;
        const radius = Math.max(1.5, full * Math.sqrt(cells[i] / layer.largest[name]));
        const [x, y] = brush.at(point), shift = layers.length > 1 ? (side ? radius : -radius) : 0;
        const paint = () => paintCircle(brush, x + shift, y, radius, layer, cells[i]);
        circles.push({ i, point, radius, shift, paint, box: boxAround(x + shift, y, radius) });
      });
    });
    return circles.sort((a, b) => b.radius - a.radius);
  }

  function boxAround(x, y, radius) {
    return [x - radius, y - radius, x + radius, y + radius];
  }

  /* The radius of the full-size circle: what the room between the areas allows. */
  function fullRadius(name) {
    return Math.max(7, Math.min(30, spacing(name) * (layersOf("circles").length > 1 ? 0.45 : 0.6)));
  }

  function paintCircle(brush, x, y, radius, layer, count) {
    const { ctx } = brush, solid = layer.style === "solid", text = radius < 7 ? "" : NUMBERS.format(count);
    ctx.beginPath();
    ctx.arc(x, y, radius, 0, 2 * Math.PI);
    ctx.fillStyle = solid ? layer.colour : "rgba(255,255,255,.82)";
    ctx.globalAlpha = solid ? 0.88 : 1;
    ctx.fill();
    ctx.globalAlpha = 1;
    Object.assign(ctx, { strokeStyle: solid ? PAPER : layer.colour, lineWidth: solid || radius < 5 ? 1 : 1.6 });
    ctx.stroke();
    if (text && radius > 4 + 3.2 * text.length) brush.write(text, x, y + 0.5, `600 11px ${FONT}`, solid ? PAPER : INK);
  }

  /* Warnings, above the circles of their place. */
  function flagsOf(brush, name, level) {
    const size = Math.max(3.5, Math.min(5.5, spacing(name) * 0.2)), tops = new Map(), flags = [];
    for (const { i, radius } of state.circles) tops.set(i, Math.max(radius, tops.get(i) || 0));
    for (const layer of layersOf("flags")) {
      cellsOf(layer, name)[0].forEach((cell, i) => {
        if (!(cell > 0) || !brush.holds(level.points[i])) return;
        const [x, y] = brush.at(level.points[i]), middle = y - (tops.get(i) || 0) - size + 1.5;
        flags.push({ box: boxAround(x, middle, size), paint: () => brush.mark("flag", x, middle, size, layer.colour) });
      });
    }
    return flags;
  }

  function schoolsOf(brush) {
    const level = state.levels.school, schools = [];
    for (const layer of layersOf("schools")) {
      if (!level) { fetchLevel("school"); continue; }
      level.points.forEach((point, i) => {
        const style = layer.styles[layer.marks[i]];
        if (!style || !brush.holds(point)) return;
        const [x, y] = brush.at(point);
        schools.push({ box: boxAround(x, y, 7), paint: () => brush.mark(style[0], x, y, 5.5, style[1]) });
      });
    }
    return schools;
  }

  /* Names, none over another. Those of counties stand above the marks; those of towns where the marks leave most room, below
     them if need be; those of villages only where no mark is. */
  function namesOf(brush, name, marks) {
    const styles = { county: `600 15px ${FONT}`, town: `600 13px ${FONT}`, village: `12px ${FONT}` }, names = [];
    for (const [kind, font] of Object.entries(styles)) {
      const level = state.levels[kind];
      if (!level || spacing(kind) < NAME_SPACING || (kind === "village" && name !== "village")) continue;
      if (kind === "county" && level.codes.length < 2) continue;
      brush.ctx.font = font;
      level.points.forEach((point, i) => {
        if (!level.names[i] || !brush.holds(point)) return;
        const half = brush.ctx.measureText(level.names[i]).width / 2 + 3, around = kind === "county" ? [] : marks;
        const own = (x, y) => !level.rings[i].length || contains(level.rings[i], ...brush.from(x, y));
        const box = roomFor(brush.at(point), half, own, around, names.map((each) => each.box), kind !== "village");
        if (!box) return;
        const colour = kind === "village" ? "#3c4450" : INK;
        const words = [level.names[i], (box[0] + box[2]) / 2, box[1] + 9, font, colour, "rgba(255,255,255,.9)"];
        names.push({ box, above: kind === "county", words });
      });
    }
    return names;
  }

  /* The first place for a name of this half width in its `own` area that no name and no mark takes: at the point, below, above,
     further out, to the sides. When there is none and one must be found: where marks cover it least. */
  function roomFor([x, y], half, own, marks, names, must) {
    let best = null, least = Infinity;
    for (const [dx, dy] of [[0, 0], [0, 14], [0, -14], [0, 24], [0, -24], [half + 10, 0], [-half - 10, 0], [half, 18], [-half, 18],
      [half, -18], [-half, -18], [0, 36], [0, -36]]) {
      const box = [x + dx - half, y + dy - 9, x + dx + half, y + dy + 8];
      if (names.some((other) => overlap(box, other))) continue;
      const astray = own(x + dx, y + dy) ? 0 : ASTRAY;
      if (!must && (astray || marks.some((other) => overlap(box, other)))) continue;
      const covered = must ? marks.reduce((sum, other) => sum + overlap(box, other), astray) : 0;
      if (covered === 0) return box;
      if (covered < least) [best, least] = [box, covered];
    }
    return best;
  }

  function overlap(a, b) {
    return Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0])) * Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
  }

  /* The outlines of the area under the pointer and of the one that is selected. */
  function paintHighlight(brush) {
    for (const [code, width] of [[state.values && state.values.selected, 3], [state.hover && state.hover.code, 2]]) {
      const found = code && find(code);
      if (!found) continue;
      brush.ctx.beginPath();
      brush.trace(found.level.rings[found.i]);
      if (!found.level.rings[found.i].length && found.level.points[found.i]) brush.ctx.arc(...brush.at(found.level.points[found.i]), 10, 0, 7);
      Object.assign(brush.ctx, { strokeStyle: "#10151c", lineWidth: width, lineJoin: "round" });
      brush.ctx.stroke();
    }
  }

  // --- pointing -------------------------------------------------------------------------------------------------------

  function find(code) {
    for (const [name, level] of Object.entries(state.levels)) {
      if (level.byCode.has(code)) return { name, level, i: level.byCode.get(code), code };
    }
    return null;
  }

  /* What is at a place of the map: a school, else the area of a circle, else the area. */
  function hit(latlng) {
    const name = drawnLevel(), level = state.levels[name], k = scale();
    const pixel = state.map.project(latlng), distance = (point, shift) => Math.hypot(point[0] * k + shift - pixel.x, point[1] * k - pixel.y);
    const school = layersOf("schools").length && state.levels.school ? nearestSchool(distance) : null;
    if (school || !level) return school;
    const circle = (state.circles || []).filter((each) => distance(each.point, each.shift) <= each.radius + 2).pop();
    const i = circle ? circle.i : areaAt(level, pixel.x / k, pixel.y / k);
    return i < 0 ? null : { name, level, i, code: level.codes[i] };
  }

  function nearestSchool(distance) {
    const level = state.levels.school, [layer] = layersOf("schools");
    let best = -1, least = 10;
    level.points.forEach((point, i) => {
      const away = point && layer.styles[layer.marks[i]] ? distance(point, 0) : Infinity;
      if (away < least) { best = i; least = away; }
    });
    return best < 0 ? null : { name: "school", level, i: best, code: level.codes[best] };
  }

  function areaAt(level, x, y) {
    return level.boxes.findIndex((box, i) =>
      x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3] && contains(level.rings[i], x, y));
  }

  function contains(rings, x, y) {
    return rings.reduce((odd, ring) => odd !== crosses(ring, x, y), false);
  }

  /* Whether a ray to the east crosses the ring an odd number of times. */
  function crosses(ring, x, y) {
    let odd = false;
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      if (ring[i + 1] > y !== ring[j + 1] > y && x < ((ring[j] - ring[i]) * (y - ring[i + 1])) / (ring[j + 1] - ring[i + 1]) + ring[i]) odd = !odd;
    }
    return odd;
  }

  function pointAt(event) {
    const found = hit(event.latlng), moved = (found && found.code) !== (state.hover && state.hover.code);
    if (!found) { leave(); return null; }
    if (moved) state.tip.setContent(describe(found));
    const { x } = state.map.getSize();
    state.tip.options.direction = event.containerPoint.x < Math.max(x / 2, x - TIP) ? "right" : "left"; // away from the legend
    state.tip.setLatLng(event.latlng).addTo(state.map);
    state.hover = found;
    if (moved) state.highlight.repaint();
    return found;
  }

  function leave() {
    if (!state.hover) return;
    state.hover = null;
    state.tip.remove();
    state.highlight.repaint();
  }

  function choose(event) {
    const found = pointAt(event), again = event.originalEvent.detail > 1; // the second click of a double click only zooms
    if (found && !again) window.Streamlit.setComponentValue({ level: found.name, code: found.code, t: Date.now() });
  }

  /* The name of an area and what each layer says of it. */
  function describe({ name, level, i }) {
    const parent = level.parents[i] && find(level.parents[i]);
    const box = el("div", "vm-tip-text", el("strong", "", level.names[i] || level.codes[i]));
    if (parent && parent.name !== "county") box.append(el("span", "vm-tip-parent", parent.level.names[parent.i]));
    for (const layer of state.values.layers) {
      const text = layer.kind === "schools" ? (name === "school" && layer.styles[layer.marks[i]][2]) : (name !== "school" && tell(layer, name, i));
      if (text) box.append(el("div", "vm-tip-row", el("span", "", layer.label), el("span", "vm-number", text)));
    }
    return box;
  }

  function tell(layer, name, i) {
    const [above, below] = cellsOf(layer, name).map((row) => row[i]), { words } = state.values;
    if (above === "w") return words.outside;
    if (above === "x" || below === "x") return words.hidden;
    if (above === null || above === undefined || (layer.kind === "fill" && !below)) return words.no_data;
    if (layer.kind !== "fill" && !(below > 0 && above <= below)) return NUMBERS.format(above);
    const percent = (Math.round((above * 10000) / below) / 100).toFixed(2);
    return `${percent} %  ${NUMBERS.format(above)}/${NUMBERS.format(below)}`;
  }

  // --- what stands around the map ---------------------------------------------------------------------------------------

  function el(tag, className, ...content) {
    const made = document.createElement(tag);
    made.className = className;
    made.append(...content.filter(Boolean));
    return made;
  }

  function control(position, node) {
    const made = new L.Control({ position });
    made.onAdd = () => { L.DomEvent.disableClickPropagation(node).disableScrollPropagation(node); return node; };
    made.addTo(state.map);
    return node;
  }

  function addControls() {
    const { view, map } = state;
    const whole = L.DomUtil.create("a", "vm-whole", map.zoomControl.getContainer());
    whole.href = "#"; whole.setAttribute("role", "button"); whole.textContent = "⤢";
    L.DomEvent.on(whole, "click", (event) => { L.DomEvent.stop(event); goTo(state.view.bounds); });
    state.whole = whole;
    L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
    if (view.basemap) control("bottomright", el("div", "vm-source", view.basemap.attribution));
    state.note = control("topright", el("div", "vm-note"));
    state.status = control("topright", el("div", "vm-note vm-status"));
    state.status.setAttribute("role", "status");
    state.toggle = el("button", "vm-toggle");
    state.toggle.type = "button";
    state.toggle.onclick = () => setLegend(state.legend.hidden);
    state.legend = el("div", "vm-rows");
    control("bottomleft", el("section", "vm-legend", state.toggle, state.legend));
    setLegend(map.getSize().x >= 560);
  }

  function setLegend(open) {
    state.legend.hidden = !open;
    state.toggle.setAttribute("aria-expanded", String(open));
  }

  function writeWords() {
    const { words } = state.values, map = state.map;
    const name = (node, text) => { node.title = text; node.setAttribute("aria-label", text); };
    name(map.getContainer().querySelector(".leaflet-control-zoom-in"), words.zoom_in);
    name(map.getContainer().querySelector(".leaflet-control-zoom-out"), words.zoom_out);
    name(state.whole, words.whole);
    map.getContainer().setAttribute("aria-label", words.name);
    state.note.textContent = words.synthetic;
    state.note.hidden = !state.view.synthetic;
    state.toggle.textContent = words.legend;
    const waits = ["village", "town", "county"].some((level) => state.asked[level] && !state.levels[level]);
    state.status.textContent = state.failed ? words.failed : words.loading;
    state.status.hidden = !(waits || state.failed);
    map.getContainer().classList.toggle("vm-dark", state.values.dark);
  }

  function writeLegend() {
    const name = drawnLevel(), blocks = state.values.legend[name] || [];
    state.legend.replaceChildren(...blocks.map(([title, rows]) => {
      const sizes = rows.filter(isSize), rest = rows.filter((row) => !isSize(row));
      const strip = sizes.length ? el("div", "vm-sizes", ...sizes.map((row) => legendRow(row, name))) : null;
      return el("div", "vm-block", el("h2", "", title), strip, ...rest.map((row) => legendRow(row, name)));
    }));
    state.toggle.parentNode.hidden = !blocks.length;
  }

  function isSize([kind]) {
    return kind === "solid" || kind === "ring";
  }

  function legendRow([kind, label, number, colour, detail, count], name) {
    return el("div", "vm-row", swatch(kind, colour, detail, count, name), el("span", "vm-label", label), number && el("span", "vm-number", number));
  }

  function swatch(kind, colour, detail, count, name) {
    const round = isSize([kind]), made = el("span", `vm-swatch vm-${kind}`);
    if (kind === "fill") made.style.backgroundColor = colour;
    if (!round && kind !== "shape") return made;
    const radius = round ? Math.max(1.5, fullRadius(name) * Math.sqrt(count / Number(detail))) : 6.5, side = Math.ceil(2 * radius + 4);
    const canvas = el("canvas", ""), ctx = canvas.getContext("2d");
    Object.assign(canvas, { width: 2 * side, height: 2 * side });
    Object.assign(canvas.style, { width: side + "px", height: side + "px" });
    ctx.scale(2, 2);
    const brush = new Brush(ctx);
    if (!round) brush.mark(detail, side / 2, side / 2, radius, colour);
    else {
      ctx.arc(side / 2, side / 2, radius, 0, 7);
      Object.assign(ctx, { fillStyle: kind === "solid" ? colour : PAPER, strokeStyle: kind === "solid" ? PAPER : colour, lineWidth: 1.6 });
      ctx.fill();
      ctx.stroke();
    }
    made.append(canvas);
    return made;
  }

  // --- the two calls ----------------------------------------------------------------------------------------------------

  function refresh() {
    if (!state.values) return;
    const name = drawnLevel();
    ["county", "town", name].forEach(fetchLevel);
    writeWords();
    writeLegend();
    move();
    state.painting.repaint();
    state.highlight.repaint();
  }

  /* Go to the area that is meant, when it has become another one. */
  function move() {
    const { focus } = state.values, found = focus && focus !== state.focus && find(focus);
    if (!focus) state.focus = null;
    if (!found) return;
    const first = state.focus === null;
    state.focus = focus;
    const [west, north, east, south] = found.level.rings[found.i].length ? found.level.boxes[found.i] : [...found.level.points[found.i], ...found.level.points[found.i]];
    const corner = (x, y) => state.map.unproject(L.point(x, y).multiplyBy(scale()));
    goTo([corner(west, south), corner(east, north)], { maxZoom: 14, animate: !first });
  }

  /* Show these bounds beside the open legend and below the note. Leaflet drops a call that comes while it zooms. */
  function goTo(where, options) {
    if (state.map._animatingZoom) {
      state.map.once("zoomend", () => goTo(where, options));
      return;
    }
    const left = state.legend.hidden ? 12 : Math.min(LEGEND_WIDTH, state.map.getSize().x / 3);
    state.map.fitBounds(where, { paddingTopLeft: [left, 32], paddingBottomRight: [12, 16], ...options });
  }

  /* Maps side by side on one page show the same place: whoever moves takes the others along. */
  function leadOthers() {
    if (state.following) return;
    for (let i = 0; i < window.parent.length; i += 1) {
      try {
        const other = window.parent[i];
        if (other !== window && other.VillageMap) other.VillageMap.follow(state.map.getCenter(), state.map.getZoom());
      } catch (_error) { /* a frame of another origin is no map of ours */ }
    }
  }

  function follow(centre, zoom) {
    if (!state.map) return;
    state.following = true;
    state.map.setView([centre.lat, centre.lng], zoom, { animate: false });
    state.following = false;
  }

  /* Where the map is the page, it takes what the head leaves of the screen; on a phone from edge to edge, less a strip by
     which the page can be scrolled. */
  function fillScreen() {
    const outer = window.parent, frame = window.frameElement, phone = frame && outer.innerWidth <= PHONE;
    if (!frame || !state.view.fills) return;
    const below = outer.innerHeight - topOf(frame) - (phone ? STRIP : EDGE), least = phone ? outer.innerHeight * 0.6 : LEAST;
    const height = `${Math.round(Math.max(below, least))}px`, box = state.map.getContainer();
    const fill = () => { if (box.style.height !== height) box.style.height = height; };
    frame.style.height = height;
    if (phone) Object.assign(frame.style, { marginLeft: `${-EDGE}px`, maxWidth: "none", width: `calc(100% + ${2 * EDGE}px)` });
    fill();
    new MutationObserver(fill).observe(box, { attributes: true, attributeFilter: ["style"] }); // the component sets its own again
    new ResizeObserver(() => state.map.invalidateSize({ animate: false })).observe(box);
  }

  /* How far below the top of the page an element begins, however far the page is scrolled. */
  function topOf(element) {
    let top = element.getBoundingClientRect().top;
    for (let node = element.parentElement; node; node = node.parentElement) top += node.scrollTop;
    return top;
  }

  /* A map that is a part of a page leaves the wheel and, on a phone, the finger to the page, which is scrolled past it. */
  function leaveScrolling() {
    if (state.view.fills) return;
    state.map.scrollWheelZoom.disable();
    if (window.matchMedia("(pointer: coarse)").matches) state.map.dragging.disable();
  }

  function draw(map, view) {
    Object.assign(state, { map, view });
    leaveScrolling();
    if (view.basemap) {
      const { urls, subdomains, maxNativeZoom } = view.basemap;
      urls.forEach((url) => L.tileLayer(url, { subdomains, maxNativeZoom, maxZoom: 18 }).addTo(map));
    }
    fillScreen();
    addControls();
    state.tip = L.tooltip({ className: "vm-tip", direction: "right", offset: [14, 0], opacity: 1 });
    state.painting = new Canvas(paint).addTo(map);
    state.highlight = new Canvas(paintHighlight).addTo(map);
    map.on({ mousemove: pointAt, mouseout: leave, click: choose, movestart: leave, moveend: leadOthers, zoomend: refresh });
  }

  function show(values) {
    const first = !state.values;
    state.values = values;
    leave();
    refresh();
    if (first) fitWhole();
  }

  /* Show everything, as soon as the frame has a size; what is meant goes before. */
  function fitWhole() {
    const { x, y } = state.map.getSize();
    if (!x || !y) state.map.once("resize", fitWhole);
    else if (state.focus === null) goTo(state.view.bounds, { animate: false });
  }

  window.VillageMap = { draw, show, follow, shiftGcj };
})();
