// What the reader has chosen, and which documents that leaves.

const KINDS = ['event', 'bloc', 'outlet', 'frame', 'language'];
const HAYSTACKS = DATA.documents.map((d) => fold([
  d.id, d.title, d.title_ar, d.url, DATA.outlets[d.outlet].en, DATA.outlets[d.outlet].ar,
  DATA.events[d.event].en, DATA.events[d.event].ar, ...Object.values(d.texts).flat(),
].join(' ')));

const state = {
  lang: 'en', view: 'what', tool: 'pan', query: '', frameBy: DATA.frames && DATA.frames.coded ? 'codes' : 'scores',
  filters: Object.fromEntries(KINDS.map((kind) => [kind, new Set()])),
  picked: new Set(), A: new Set(), B: new Set(), document: null, active: null, tab: 'list', limit: 200,
};

// Frames of a document: half of the coders or more found it, or its score stands out.
function framesOf(doc) {
  const codes = state.frameBy === 'codes';
  const values = (codes ? doc.codes : doc.scores) || [];
  return values.flatMap((v, j) => (v !== null && v >= (codes ? 0.5 : DATA.settings.scored) ? [j] : []));
}

// The values of a document that a kind of filter looks at.
function valuesOf(doc, kind) {
  return kind === 'frame' ? framesOf(doc) : [doc[kind]];
}

function passes(doc, kind) {
  const wanted = state.filters[kind];
  return !wanted.size || valuesOf(doc, kind).some((v) => wanted.has(v));
}

function searched() {
  const words = fold(state.query).split(' ').filter(Boolean);
  return DATA.documents.map((_, i) => words.every((word) => HAYSTACKS[i].includes(word)));
}

// Positions of the documents that are shown, and for each kind how many each value has with the other filters on.
function filtered() {
  const found = searched();
  const shown = [];
  const counts = Object.fromEntries(KINDS.map((kind) => [kind, new Map()]));
  DATA.documents.forEach((doc, i) => {
    if (!found[i]) return;
    const failed = KINDS.filter((kind) => !passes(doc, kind));
    if (!failed.length) shown.push(i);
    for (const kind of failed.length ? failed : KINDS) {
      if (failed.length > 1) continue;
      for (const v of valuesOf(doc, kind)) counts[kind].set(v, (counts[kind].get(v) || 0) + 1);
    }
  });
  return { shown, counts };
}

function toggle(set, value) {
  if (!set.delete(value)) set.add(value);
}

// Put documents into a group; a document is in one of the two at most.
function putIn(group, documents, replace = true) {
  const other = group === 'A' ? 'B' : 'A';
  if (replace) state[group] = new Set();
  for (const i of documents) {
    state[group].add(i);
    state[other].delete(i);
  }
}

// The documents of a bloc, by its id.
function ofBloc(id) {
  const bloc = DATA.blocs.findIndex((b) => b.id === id);
  return DATA.documents.flatMap((d, i) => (d.bloc === bloc ? [i] : []));
}

function sameMembers(set, list) {
  return set.size === list.length && list.every((i) => set.has(i));
}

// The tested pair that the two groups are, in either order; undefined where they are none.
function testedPair() {
  return DATA.contrasts.find((row) => [[row.bloc_a, row.bloc_b], [row.bloc_b, row.bloc_a]].some(
    ([a, b]) => sameMembers(state.A, ofBloc(a)) && sameMembers(state.B, ofBloc(b))));
}

// The name of a group: its bloc's, where it is exactly one.
function groupBloc(group) {
  const first = state[group].values().next().value;
  if (first === undefined) return null;
  const bloc = DATA.blocs[DATA.documents[first].bloc];
  return sameMembers(state[group], ofBloc(bloc.id)) ? bloc : null;
}

// Position of a document by its id; a copy that was set aside leads to the one that was kept.
function positionOf(id) {
  return DATA.documents.findIndex((d) => d.id === id || d.copies.some((c) => c.id === id));
}

// Read `#doc=…`, `#pair=a,b` and `#lang=…` (ids percent-encoded) into the state.
function readAddress() {
  for (const part of location.hash.slice(1).split('&')) {
    const [name, value = ''] = part.split(/=(.*)/s);
    const values = value.split(',').map(decoded);
    if (name === 'lang' && Object.hasOwn(WORDS, value)) state.lang = value;
    if (name === 'doc' && positionOf(decoded(value)) >= 0) openDocument(positionOf(decoded(value)));
    if (name === 'pair' && values.length === 2 && values.every((id) => ofBloc(id).length)) openPair(...values);
  }
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function writeAddress() {
  const parts = [];
  const ids = ['A', 'B'].map(groupBloc);
  if (state.tab === 'document' && state.document !== null) {
    parts.push(`doc=${encodeURIComponent(DATA.documents[state.document].id)}`);
  } else if (state.tab === 'comparison' && ids.every(Boolean)) {
    parts.push(`pair=${ids.map((b) => encodeURIComponent(b.id)).join(',')}`);
  }
  if (state.lang !== 'en') parts.push(`lang=${state.lang}`);
  const hash = parts.length ? `#${parts.join('&')}` : '';
  if (hash !== location.hash) history.replaceState(null, '', hash || location.pathname);
}

function openDocument(i) {
  Object.assign(state, { document: i, active: i, tab: 'document' });
}

function openPair(a, b) {
  putIn('A', ofBloc(a));
  putIn('B', ofBloc(b));
  state.tab = 'comparison';
}
