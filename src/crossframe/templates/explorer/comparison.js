// The panel that compares group A with group B.

function renderComparison() {
  const groups = ['A', 'B'].map((g) => [...state[g]].sort((x, y) => x - y));
  const parts = [presets(), groupBoxes()];
  if (!groups.every((g) => g.length)) return fill('panel-comparison', parts, el('p', { class: 'fine' }, t('choose_two')));
  const result = compare(...groups);
  return fill('panel-comparison', parts, verdict(result), byEvent(result), termColumns(...groups), sentenceColumns(...groups, result));
}

// The pairs of blocs of the study, those named before looking first.
function presets() {
  const bloc = (id) => named(DATA.blocs.find((b) => b.id === id));
  const option = (row) => el('option', { value: DATA.contrasts.indexOf(row) },
    `${bloc(row.bloc_a)} – ${bloc(row.bloc_b)}${row.refusal ? ` (${t('not_identifiable')})` : ''}`);
  const family = (name) => DATA.contrasts.filter((row) => row.family === name);
  const select = el('select', { id: 'preset', onchange: (event) => {
    const row = DATA.contrasts[event.target.value];
    if (!row) return;
    openPair(row.bloc_a, row.bloc_b);
    render(null, 'preset');
  } }, el('option', { value: '' }, t('preset_none')), ['primary', 'exploratory'].map((name) => family(name).length > 0
    && el('optgroup', { label: t(`family_${name}`) }, family(name).map(option))));
  const row = testedPair();
  select.value = row ? String(DATA.contrasts.indexOf(row)) : '';
  return el('div', { class: 'preset' }, el('label', { for: 'preset' }, t('preset')), select);
}

function groupBoxes() {
  const box = (group) => {
    const bloc = groupBloc(group), n = state[group].size;
    return el('div', { class: 'group' }, el('span', { class: `mark mark-${group}` }, group),
      el('span', { dir: 'auto' }, bloc ? named(bloc) : t(n ? 'own_choice' : 'empty_group')), el('span', { class: 'n' }, t('n_documents', { n: num(n) })),
      n ? el('button', { type: 'button', class: 'quiet', id: `clear-${group}`, 'aria-label': t('clear_group', { group }),
        onclick: () => { state[group].clear(); render(null, 'preset'); } }, '×') : null);
  };
  return el('div', { class: 'groups' }, box('A'), box('B'));
}

// The distance with the study's own tests where the groups are a tested pair; else marked as exploratory; or a refusal.
function verdict(result) {
  const row = testedPair();
  const used = t('used', { a: num(result.usedA), b: num(result.usedB), events: num(result.nEvents) });
  if (result.refusal) {
    const values = Object.fromEntries(Object.entries(result.refusal).map(([k, v]) => [k, typeof v === 'number' ? num(v) : v]));
    return el('div', { class: 'verdict refused', id: 'verdict' }, el('p', { class: 'big' }, t('not_identifiable')),
      el('p', { id: 'refusal' }, t(result.refusal.key, values)));
  }
  const effect = row ? row.effect : result.effect; // equal, unless dimensions had to be left out
  return el('div', { class: 'verdict', id: 'verdict' },
    el('p', { class: 'big' }, el('span', {}, t('distance')), ' ', el('strong', { id: 'distance', 'data-value': effect }, num(effect, 3))),
    row ? testedLines(row) : el('p', { id: 'exploratory', class: 'warning' }, t('exploratory')),
    el('p', { class: 'fine' }, used, ' ', t('distance_hint')));
}

function testedLines(row) {
  const interval = row.low === null ? '' : t('interval', { low: num(row.low, 3), high: num(row.high, 3) });
  const corrected = row.p_corrected === null ? '' : t('corrected', { p: pValue(row.p_corrected), method: t(`method_${row.correction}`) });
  return [
    el('p', { id: 'tested' }, interval, ' ', t('p_value', { p: pValue(row.p), n: num(row.n_permutations) }), ' ', corrected),
    el('p', { class: 'fine' }, t(`family_hint_${row.family}`), row.common === null ? '' : ` ${t('common', { value: num(row.common, 3) })}`),
  ];
}

function byEvent(result) {
  if (!result.byEvent.length) return null;
  const rows = [...result.byEvent].sort((a, b) => b.distance - a.distance);
  const most = Math.max(...rows.map((r) => r.distance), 1e-9);
  const name = (r) => named(DATA.events[r.event]) + (r.key === DATA.events[r.event].id ? '' : ` (${languageName(r.key.split(' in ').pop())})`);
  return el('details', { open: true, 'data-kind': 'by-event' }, el('summary', {}, t('by_events')), el('table', { class: 'bars', id: 'by-event' },
    el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, t('by_event')), el('th', { scope: 'col' }, 'A'), el('th', { scope: 'col' }, 'B'), el('th', { scope: 'col' }, t('distance')))),
    el('tbody', {}, rows.map((r) => el('tr', {}, el('th', { scope: 'row' }, el('bdi', {}, name(r)),
      el('span', { class: 'bar', width: `${Math.max(0, (100 * r.distance) / most)}%` })),
    el('td', {}, num(r.a.length)), el('td', {}, num(r.b.length)), el('td', {}, num(r.distance, 3)))))));
}

function termColumns(a, b) {
  if (!DATA.terms) return el('div', {}, el('h3', {}, t('terms')), el('p', { class: 'fine' }, t(DATA.plan.terms ? 'terms_no_arabic' : 'notice_terms')));
  const chip = (x) => el('li', { title: t('term_hint', { z: num(x.z, 1), n: num(x.nDocuments) }) }, quoted(x.term, 'ar'), el('span', { class: 'n' }, num(x.z, 1)));
  const column = (group, mine, theirs) => {
    const found = markingTerms(mine, theirs);
    return el('div', {}, el('h4', {}, el('span', { class: `mark mark-${group}` }, group)),
      found.length ? el('ol', { class: 'terms', id: `terms-${group}` }, found.map(chip)) : el('p', { class: 'fine' }, t('no_terms')));
  };
  return el('div', {}, el('h3', {}, t('terms')), el('p', { class: 'fine' }, t('terms_hint', { z: num(DATA.settings.terms.min_z, 2) })),
    el('div', { class: 'columns' }, column('A', a, b), column('B', b, a)));
}

function sentenceColumns(a, b, result) {
  if (!SENTENCES) return el('div', {}, el('h3', {}, t('contrasting')), el('p', { class: 'fine' }, t('notice_sentences')));
  if (result.refusal) return null;
  const found = contrastingSentences(a, b);
  const column = (group, side) => el('div', {}, el('h4', {}, el('span', { class: `mark mark-${group}` }, group)),
    side.length ? el('ol', { class: 'quotes', id: `sentences-${group}` }, side.map(quotation)) : el('p', { class: 'fine' }, t('no_sentences')));
  return el('div', {}, el('h3', {}, t('contrasting')), el('p', { class: 'fine' }, t('contrasting_hint')), column('A', found.a), column('B', found.b));
}

function quotation({ document: i, index }) {
  const doc = DATA.documents[i], own = doc.texts[doc.compared];
  const { ar, en } = doc.texts;
  const arabic = doc.compared !== 'ar' && ar && ar.length === own.length ? ar[index] : null;
  const gloss = doc.compared !== 'en' && en && en.length === own.length ? en[index] : null;
  return el('li', { colour: colourOf(i), 'data-doc': doc.id, 'data-index': index }, quoted(own[index], doc.spoken, 'p', { class: 'said' }),
    arabic && quoted(arabic, 'ar', 'p', { class: 'gloss' }), gloss && quoted(gloss, 'en', 'p', { class: 'gloss' }),
    el('button', { type: 'button', class: 'link', onclick: () => { openDocument(i); render(null, 'panel-document'); } },
      el('bdi', {}, named(DATA.outlets[doc.outlet])), ' · ', el('bdi', {}, named(DATA.events[doc.event]))));
}
