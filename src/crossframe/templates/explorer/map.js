// The map: a canvas to look at, hover, zoom, pan and select on. Everything on it is in the list beside it as well.

const canvas = document.getElementById('map');
const tooltip = document.getElementById('tooltip');
const camera = { x: 0, y: 0, scale: 1 };
const STRETCH = 1.6; // one axis may be so much wider than the other, to use the room: the axes have no unit
const gesture = { pointers: new Map(), start: null, path: null, moved: false };
let places = []; // of each document on the screen; null where it has none in this view
let shownSet = new Set();
let nameBoxes = []; // of the events' names on the screen: left, top, right, bottom

function extent(points) {
  const known = points.filter(Boolean);
  const range = (axis) => [Math.min(...known.map((p) => p[axis])), Math.max(...known.map((p) => p[axis]))];
  return known.length ? { x: range(0), y: range(1) } : { x: [0, 1], y: [0, 1] };
}

const EXTENTS = { what: extent(DATA.map.what.xy), how: extent(DATA.map.how.xy) };

// From the map's coordinates to the screen's: the whole map with a margin, then zoomed and moved.
function placesOf(width, height) {
  const { x, y } = EXTENTS[state.view];
  const margin = 30;
  const units = [(width - 2 * margin) / (x[1] - x[0] || 1), (height - 2 * margin) / (y[1] - y[0] || 1)];
  const least = Math.min(...units);
  const [ux, uy] = units.map((unit) => Math.min(unit, STRETCH * least));
  const middle = [(x[0] + x[1]) / 2, (y[0] + y[1]) / 2];
  return DATA.map[state.view].xy.map((p) => p && [
    width / 2 + ((p[0] - middle[0]) * ux - camera.x) * camera.scale,
    height / 2 - ((p[1] - middle[1]) * uy - camera.y) * camera.scale,
  ]);
}

function drawMap(shown) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const pen = canvas.getContext('2d');
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  places = placesOf(width, height);
  nameBoxes = [];
  shownSet = new Set(shown);
  const radius = DATA.documents.length > 2000 ? 3.2 : 5.5;
  places.forEach((p, i) => { if (p && !shownSet.has(i)) dot(pen, p, radius * 0.55, '#d4d6db'); });
  const compared = state.tab === 'comparison' && state.A.size + state.B.size > 0;
  const front = new Set(compared ? shown.filter((i) => state.A.has(i) || state.B.has(i)) : []);
  const dots = (rows) => rows.forEach((i) => places[i] && dot(pen, places[i], radius, colourOf(i), '#ffffff'));
  pen.globalAlpha = compared ? 0.25 : 1;
  dots(shown.filter((i) => !front.has(i)));
  pen.globalAlpha = 1;
  if (state.view === 'what') drawEventNames(pen, shown, width, height);
  dots([...front]);
  for (const i of shown) if (places[i]) drawMarks(pen, places[i], i, radius);
  if (state.active !== null && places[state.active]) ring(pen, places[state.active], radius + 7, '#111111', 2.5);
  if (gesture.path) drawPath(pen);
}

const colourOf = (i) => DATA.blocs[DATA.documents[i].bloc].colour;

function dot(pen, [x, y], radius, colour, edge) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fillStyle = colour;
  pen.fill();
  if (edge) { pen.lineWidth = 1; pen.strokeStyle = edge; pen.stroke(); }
}

function ring(pen, [x, y], radius, colour, width) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.lineWidth = width;
  pen.strokeStyle = colour;
  pen.stroke();
}

// Group A wears a circle, group B a square, what is picked a dashed circle.
function drawMarks(pen, place, i, radius) {
  if (state.A.has(i)) ring(pen, place, radius + 3, '#111111', 1.6);
  if (state.B.has(i)) {
    const r = radius + 3;
    pen.lineWidth = 1.6;
    pen.strokeStyle = '#111111';
    pen.strokeRect(place[0] - r, place[1] - r, 2 * r, 2 * r);
  }
  if (state.picked.has(i)) {
    pen.setLineDash([3, 3]);
    ring(pen, place, radius + 5, '#0b57d0', 2);
    pen.setLineDash([]);
  }
}

// The nearest place across for a name of this width that lies on the map and not under its buttons.
function beside(x, y, half, width) {
  const { offsetLeft: left, offsetTop: top, offsetWidth: wide, offsetHeight: high } = document.getElementById('zoom');
  const level = y + 5 > top && y - 13 < top + high;
  const [first, last] = !level ? [0, width] : left > width / 2 ? [0, left] : [left + wide, width];
  return Math.min(Math.max(x, first + half + 4), last - half - 4);
}

// Names of events at the middle of their documents, the largest first, none over another.
function drawEventNames(pen, shown, width, height) {
  const groups = new Map();
  for (const i of shown) {
    if (!places[i]) continue;
    const event = DATA.documents[i].event;
    groups.set(event, [...(groups.get(event) || []), places[i]]);
  }
  pen.font = '600 11.5px "Noto Sans", "Noto Sans Arabic", "Segoe UI", Tahoma, system-ui, sans-serif';
  pen.textAlign = 'center';
  pen.direction = state.lang === 'ar' ? 'rtl' : 'ltr';
  const taken = nameBoxes = [];
  for (const [event, points] of [...groups].sort((a, b) => b[1].length - a[1].length)) {
    const text = shortened(named(DATA.events[event]), 32);
    const half = pen.measureText(text).width / 2;
    const y = Math.min(Math.max(Math.min(...points.map((p) => p[1])) - 10, 14), height - 6);
    const x = beside(median(points, 0), y, half, width);
    const box = [x - half - 4, y - 13, x + half + 4, y + 5];
    if (taken.some((o) => box[0] < o[2] && o[0] < box[2] && box[1] < o[3] && o[1] < box[3])) continue;
    taken.push(box);
    pen.lineWidth = 4;
    pen.lineJoin = 'round';
    pen.strokeStyle = 'rgba(255, 255, 255, 0.8)';
    pen.strokeText(text, x, y);
    pen.fillStyle = '#3f4652';
    pen.fillText(text, x, y);
  }
}

function median(points, axis) {
  const values = points.map((p) => p[axis]).sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)];
}

// At most so many letters, cut between words.
function shortened(text, n) {
  if (text.length <= n) return text;
  const cut = text.slice(0, n).replace(/\s+\S*$/, '');
  return `${cut.replace(/[\s:،,–-]+$/, '')}…`;
}

function drawPath(pen) {
  pen.beginPath();
  gesture.path.forEach(([x, y], j) => (j ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.closePath();
  pen.fillStyle = 'rgba(11, 87, 208, 0.10)';
  pen.fill();
  pen.lineWidth = 1.5;
  pen.strokeStyle = '#0b57d0';
  pen.stroke();
}

// The document under a point of the screen, the nearest within reach; null where there is none.
function documentAt([x, y], reach = 12) {
  let best = null, nearest = reach ** 2;
  for (const i of shownSet) {
    const p = places[i];
    const far = p ? (p[0] - x) ** 2 + (p[1] - y) ** 2 : Infinity;
    if (far < nearest) { nearest = far; best = i; }
  }
  return best;
}

function inside([x, y], path) {
  let within = false;
  for (let i = 0, j = path.length - 1; i < path.length; j = i++) {
    const [xi, yi] = path[i], [xj, yj] = path[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) within = !within;
  }
  return within;
}

function showTooltip(i) {
  tooltip.hidden = i === null;
  if (i === null) return;
  const doc = DATA.documents[i], { clientWidth: width, clientHeight: height } = canvas;
  tooltip.replaceChildren(
    el('strong', { dir: 'auto' }, titleOf(doc)),
    el('span', {}, [named(DATA.outlets[doc.outlet]), named(DATA.blocs[doc.bloc]), digits(doc.date)].filter(Boolean).join(' · ')),
    el('span', { dir: 'auto' }, named(DATA.events[doc.event])),
  );
  const [x, y] = places[i];
  const { offsetWidth: w, offsetHeight: h } = tooltip;
  tooltip.style.left = `${Math.max(4, Math.min(x + 14, width - w - 4))}px`;
  tooltip.style.top = `${y + 16 + h < height ? y + 16 : Math.max(4, y - h - 16)}px`;
}

// Zoom by a factor with a point of the screen standing still.
function zoomBy(factor, [x, y] = [canvas.clientWidth / 2, canvas.clientHeight / 2]) {
  const scale = Math.min(Math.max(camera.scale * factor, 0.6), 40);
  const dx = x - canvas.clientWidth / 2, dy = canvas.clientHeight / 2 - y;
  camera.x += dx / camera.scale - dx / scale;
  camera.y += dy / camera.scale - dy / scale;
  camera.scale = scale;
  redraw();
}

function panBy(dx, dy) {
  camera.x -= dx / camera.scale;
  camera.y += dy / camera.scale;
  redraw();
}

function resetCamera() {
  Object.assign(camera, { x: 0, y: 0, scale: 1 });
  redraw();
}

function redraw() {
  showTooltip(null);
  drawMap([...shownSet]);
}

const at = (event) => [event.offsetX, event.offsetY];

function pointerDown(event) {
  canvas.setPointerCapture(event.pointerId);
  gesture.pointers.set(event.pointerId, at(event));
  Object.assign(gesture, { start: at(event), moved: false });
  if (state.tool !== 'pan' && gesture.pointers.size === 1) gesture.path = [at(event)];
}

function pointerMove(event) {
  const here = at(event);
  const before = gesture.pointers.get(event.pointerId);
  if (!before) {
    const i = documentAt(here);
    canvas.classList.toggle('over', i !== null);
    showTooltip(i);
    return;
  }
  gesture.moved = gesture.moved || Math.hypot(here[0] - gesture.start[0], here[1] - gesture.start[1]) > 4;
  if (gesture.pointers.size === 2) pinch(event.pointerId, before, here);
  else if (gesture.path) extendPath(here);
  else if (gesture.moved) panBy(here[0] - before[0], here[1] - before[1]);
  gesture.pointers.set(event.pointerId, here);
}

function pinch(id, before, here) {
  gesture.path = null;
  const other = [...gesture.pointers].find(([key]) => key !== id)[1];
  const gap = (p) => Math.hypot(p[0] - other[0], p[1] - other[1]) || 1;
  zoomBy(gap(here) / gap(before), [(here[0] + other[0]) / 2, (here[1] + other[1]) / 2]);
}

function extendPath(here) {
  const [x, y] = gesture.start;
  if (state.tool === 'lasso') gesture.path.push(here);
  else gesture.path = [[x, y], [here[0], y], here, [x, here[1]]];
  redraw();
}

function pointerUp(event) {
  if (!gesture.pointers.delete(event.pointerId)) return;
  const path = gesture.path;
  gesture.path = null;
  if (event.type === 'pointercancel') return redraw();
  if (path && gesture.moved) {
    for (const i of shownSet) if (places[i] && inside(places[i], path)) state.picked.add(i);
    return render(t('live_picked', { n: num(state.picked.size) }));
  }
  const i = gesture.moved ? null : documentAt(at(event), event.pointerType === 'touch' ? 22 : 12);
  if (i === null) return redraw();
  if (event.shiftKey || state.tool !== 'pan') toggle(state.picked, i);
  else openDocument(i);
  return render();
}

function mapKey(event) {
  const step = 60;
  const keys = {
    '+': () => zoomBy(1.3), '=': () => zoomBy(1.3), '-': () => zoomBy(1 / 1.3), 0: resetCamera,
    ArrowLeft: () => panBy(step, 0), ArrowRight: () => panBy(-step, 0),
    ArrowUp: () => panBy(0, step), ArrowDown: () => panBy(0, -step),
    Escape: () => { state.picked.clear(); render(); },
  };
  if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  keys[event.key]();
}

function listenToMap() {
  canvas.addEventListener('pointerdown', pointerDown);
  canvas.addEventListener('pointermove', pointerMove);
  canvas.addEventListener('pointerup', pointerUp);
  canvas.addEventListener('pointercancel', pointerUp);
  canvas.addEventListener('pointerleave', () => showTooltip(null));
  canvas.addEventListener('wheel', (event) => {
    event.preventDefault();
    zoomBy(event.deltaY < 0 ? 1.15 : 1 / 1.15, at(event));
  }, { passive: false });
  canvas.addEventListener('keydown', mapKey);
  new ResizeObserver(redraw).observe(canvas);
}
