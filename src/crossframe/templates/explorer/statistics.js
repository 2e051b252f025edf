// The study's statistics, from the vectors and counts in the page. Groups are arrays of documents' positions.

const VECTORS = DATA.vectors && unpacked(DATA.vectors);
const SENTENCES = DATA.sentences && unpacked(DATA.sentences);
const FIRST_SENTENCE = DATA.sentences && starts(DATA.sentences.counts);

// Rows of numbers from base64 of 16-bit integers (little-endian, as every browser's machine) times a scale.
function unpacked({ k, scale, data }) {
  const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
  const whole = new Int16Array(bytes.buffer);
  const values = Float64Array.from(whole, (v) => v * scale);
  return { k, row: (i) => values.subarray(i * k, (i + 1) * k) };
}

function starts(counts) {
  const out = [0];
  for (const n of counts) out.push(out[out.length - 1] + n);
  return out;
}

function mean(rows, k) {
  const out = new Float64Array(k);
  for (const row of rows) for (let j = 0; j < k; j++) out[j] += row[j] / rows.length;
  return out;
}

function squares(a, b) {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] - b[j]) ** 2;
  return sum;
}

// Documents of both groups by what `key` says, in order of the keys.
function cellsBy(key, a, b) {
  const cells = new Map();
  for (const [side, group] of [['a', a], ['b', b]]) {
    for (const i of group) {
      const name = key(i);
      if (!cells.has(name)) cells.set(name, { key: name, event: DATA.documents[i].event, a: [], b: [] });
      cells.get(name)[side].push(i);
    }
  }
  return [...cells.values()].sort((x, y) => (x.key < y.key ? -1 : 1));
}

// Cells in which both groups have as many documents as the study asks for.
function shared(key, a, b) {
  const least = DATA.settings.min_documents;
  return cellsBy(key, a, b).filter((c) => c.a.length >= least && c.b.length >= least);
}

// ‖mean a − mean b‖² − tr S_a/n_a − tr S_b/n_b: unbiased, and below zero where there is nothing.
function squaredDistance(cell) {
  const sides = ['a', 'b'].map((side) => cell[side].map(VECTORS.row));
  const [first, second] = sides.map((rows) => mean(rows, VECTORS.k));
  let distance = squares(first, second);
  for (const [rows, centre] of [[sides[0], first], [sides[1], second]]) {
    const n = rows.length;
    distance -= rows.reduce((sum, row) => sum + squares(row, centre), 0) / (n * (n - 1));
  }
  return distance;
}

const weight = (cell) => (cell.a.length * cell.b.length) / (cell.a.length + cell.b.length);

// How many labellings give distinct statistics, a million at most.
function relabellings(cells) {
  let found = 1;
  for (const c of cells) {
    for (let j = 1; j <= c.a.length; j++) found *= (c.b.length + j) / j;
    if (found >= 1e6) { found = 1e6; break; }
  }
  found = Math.round(found);
  return cells.every((c) => c.a.length === c.b.length) ? Math.floor(found / 2) : found;
}

function spread(cells) {
  let total = 0;
  for (const c of cells) {
    const rows = [...c.a, ...c.b].map(VECTORS.row);
    const centre = mean(rows, VECTORS.k);
    total += rows.reduce((sum, row) => sum + squares(row, centre), 0);
  }
  return total;
}

// Why two groups cannot be compared, by the rule of the study; null where they can.
function refusal(cells, nEvents, regardless) {
  const { min_events: needed, min_documents: least, min_relabellings: few } = DATA.settings;
  if (regardless < needed) return { key: 'refused_events', n: regardless, least, needed };
  if (nEvents < needed) return { key: 'refused_language', n: nEvents, of: regardless, needed };
  const distinct = relabellings(cells);
  if (distinct < few) return { key: 'refused_relabellings', n: distinct };
  return spread(cells) <= 1e-12 ? { key: 'refused_identical' } : null;
}

// The distance of two groups within the events that both cover, or the reason why there is none.
function compare(a, b) {
  const cells = shared((i) => DATA.documents[i].block, a, b);
  const nEvents = new Set(cells.map((c) => c.event)).size;
  const regardless = shared((i) => DATA.events[DATA.documents[i].event].id, a, b).length;
  const used = (side) => cells.reduce((sum, c) => sum + c[side].length, 0);
  const out = { nEvents, usedA: used('a'), usedB: used('b'), effect: null, byEvent: [] };
  out.refusal = refusal(cells, nEvents, regardless);
  if (out.refusal) return out;
  out.byEvent = cells.map((c) => ({ ...c, distance: squaredDistance(c), weight: weight(c) }));
  const total = out.byEvent.reduce((sum, c) => sum + c.weight, 0);
  out.effect = out.byEvent.reduce((sum, c) => sum + c.weight * c.distance, 0) / total;
  return out;
}

// Counts of terms over documents, and of all their words.
function counted(documents) {
  const counts = new Float64Array(DATA.terms.keys.length);
  let total = 0;
  for (const i of documents) {
    total += DATA.terms.totals[i];
    const pairs = DATA.terms.counts[i];
    for (let p = 0; p < pairs.length; p += 2) counts[pairs[p]] += pairs[p + 1];
  }
  return { counts, total };
}

// z of the terms of `a` against `b` on the same events (log-odds with an informative Dirichlet prior).
function termScores(a, b) {
  const { keys, alpha, alpha_0: alpha0 } = DATA.terms;
  const own = new Float64Array(keys.length), others = own.slice(), variance = own.slice(), documents = own.slice();
  let nOwn = 0, nOthers = 0;
  for (const cell of cellsBy((i) => DATA.documents[i].event, a, b)) {
    if (!cell.a.length || !cell.b.length) continue;
    for (const i of cell.a) DATA.terms.counts[i].forEach((j, p) => { if (p % 2 === 0) documents[j] += 1; });
    const inside = counted(cell.a), outside = counted(cell.b);
    if (!inside.total || !outside.total) continue;
    const w = inside.total / outside.total;
    nOwn += inside.total;
    nOthers += w * outside.total;
    for (let j = 0; j < keys.length; j++) {
      own[j] += inside.counts[j];
      others[j] += w * outside.counts[j];
      variance[j] += w * w * outside.counts[j];
    }
  }
  return keys.map((key, j) => {
    const x = own[j] + alpha[j], y = others[j] + alpha[j];
    const delta = Math.log(x / (nOwn + alpha0 - x)) - Math.log(y / (nOthers + alpha0 - y));
    const z = delta / Math.sqrt(1 / x + (variance[j] + alpha[j]) / (y * y));
    return { key, term: DATA.terms.forms[j], z, logOdds: delta, nDocuments: documents[j] };
  });
}

// The terms that mark `a` against `b`: strong enough, in enough documents, none that repeats another.
function markingTerms(a, b) {
  const { n, min_documents: least, min_z: weakest } = DATA.settings.terms;
  const ranked = termScores(a, b).filter((x) => x.nDocuments >= least && x.z >= weakest);
  ranked.sort((x, y) => y.z - x.z || (x.key < y.key ? -1 : 1));
  const chosen = [];
  for (const term of ranked) {
    if (chosen.length === n) break;
    const words = new Set(term.key.split(' '));
    const overlapping = chosen.filter((c) => c.key.split(' ').some((word) => words.has(word)));
    if (!overlapping.some((c) => term.nDocuments <= 1.5 * c.nDocuments)) chosen.push(term);
  }
  return chosen;
}

function sentenceRows(i) {
  const rows = [];
  for (let s = FIRST_SENTENCE[i]; s < FIRST_SENTENCE[i + 1]; s++) rows.push(SENTENCES.row(s));
  return rows;
}

// A document's sentence that lies farthest on its own side of the line between two centroids.
function farthest(i, here, there) {
  const length = Math.sqrt(squares(here, there));
  let best = null;
  sentenceRows(i).forEach((row, index) => {
    let score = 0;
    for (let j = 0; j < row.length; j++) score += (row[j] - (here[j] + there[j]) / 2) * (here[j] - there[j]);
    score /= length;
    if (length > 0 && (!best || score > best.score)) best = { document: i, index, score };
  });
  return best;
}

// The sentences that set two groups apart most within shared events, for either side.
function contrastingSentences(a, b) {
  const means = new Map([...a, ...b].map((i) => [i, mean(sentenceRows(i), SENTENCES.k)]));
  const best = { a: [], b: [] };
  for (const cell of shared((i) => DATA.events[DATA.documents[i].event].id, a, b)) {
    for (const [mine, theirs] of [['a', 'b'], ['b', 'a']]) {
      const there = mean(cell[theirs].map((i) => means.get(i)), SENTENCES.k);
      for (const i of cell[mine]) {
        const others = cell[mine].filter((d) => d !== i);
        const here = mean(others.map((d) => means.get(d)), SENTENCES.k);
        const found = others.length && farthest(i, here, there);
        if (found) best[mine].push(found);
      }
    }
  }
  for (const side of ['a', 'b']) {
    best[side].sort((x, y) => y.score - x.score || x.document - y.document || x.index - y.index);
    best[side].length = Math.min(best[side].length, DATA.settings.n_sentences);
  }
  return best;
}
