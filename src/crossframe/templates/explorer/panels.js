// Header, filters, toolbar, legend, the list of documents and the panel of one.

function renderHeader() {
  const { title, written_by: written, machine_translated: translated } = DATA.study;
  document.documentElement.lang = state.lang;
  document.documentElement.dir = t('dir');
  document.title = `${title[state.lang] || title.en} · ${t('explorer')}`;
  fill('skip', t('skip'));
  fill('title', title[state.lang] || title.en);
  fill('subtitle', t('explorer'));
  const languages = document.getElementById('languages');
  languages.setAttribute('aria-label', t('language_of_page'));
  fill('languages', ['en', 'ar'].map((lang) => el('button', {
    type: 'button', id: `lang-${lang}`, lang, 'aria-pressed': String(state.lang === lang),
    onclick: () => { state.lang = lang; render(); document.getElementById(`lang-${lang}`).focus(); },
  }, WORDS[lang].own_name)));
  const by = Object.keys(written).some((who) => who.startsWith('program'));
  const { what, how } = DATA.map;
  fill('caution', [
    by && t('caution_program'),
    translated > 0 && t('caution_translated', { n: num(translated) }),
    t('caution_map', { what: num(what.trustworthiness, 2), how: num(how.trustworthiness, 2) }),
    DATA.frames && !DATA.frames.by_humans && t('caution_frames'),
  ].filter(Boolean).join(' '));
  renderNotice();
}

// What a draft took from before, and what the page had to leave out.
function renderNotice() {
  const { draft, plan, documents, vectors } = DATA;
  const said = [];
  if (draft) {
    const changed = [...draft.edited, ...draft.added];
    const ids = changed.slice(0, 5).map((id) => `\u2066${id.replace(/-/g, '\u2060-\u2060')}\u2069`);
    if (changed.length > 5) ids.push('…');
    said.push(t('draft'));
    if (changed.length) said.push(t('draft_documents', { n: num(changed.length), ids: ids.join(t('comma')) }));
  }
  if (!documents.length) said.push(t('notice_none', { n: num(plan.n_documents) }));
  else {
    if (plan.characters) said.push(t('notice_short', { n: num(plan.characters) }));
    if (!plan.other_texts) said.push(t('notice_other_texts'));
    if (!DATA.sentences) said.push(t('notice_sentences'));
    if (!plan.terms) said.push(t('notice_terms'));
    if (!plan.frames) said.push(t('notice_frames'));
    if (vectors.kept < 0.9999) said.push(t('notice_kept', { share: num(100 * vectors.kept, 1), k: num(vectors.k) }));
  }
  document.getElementById('notice').hidden = !said.length;
  fill('notice', said.join(' '));
}

// The names that a kind of filter offers, as [value, name, language of the name].
function optionsOf(kind) {
  if (kind === 'language') {
    return [...new Set(DATA.documents.map((d) => d.language))].map((code) => [code, languageName(code)]);
  }
  const things = { event: DATA.events, bloc: DATA.blocs, outlet: DATA.outlets, frame: DATA.frames ? DATA.frames.list : [] };
  const named_ = things[kind].map((thing, i) => [i, named(thing)]);
  return kind === 'outlet' ? named_.sort((a, b) => a[1].localeCompare(b[1], state.lang)) : named_;
}

function renderFilters(counts, n) {
  const box = document.getElementById('filters');
  const open = new Set([...box.querySelectorAll('details[open]')].map((d) => d.dataset.kind));
  const scrolled = new Map([...box.querySelectorAll('.options')].map((o) => [o.dataset.kind, o.scrollTop]));
  const first = !box.childElementCount;
  const all = el('details', { class: 'all', 'data-kind': 'all', open: first ? window.innerWidth > 1100 : open.has('all') },
    el('summary', {}, t('search_and_filter')), searchBox(),
    el('p', { class: 'count', id: 'count' }, t('shown', { n: num(n), all: num(DATA.documents.length) })),
    KINDS.filter((kind) => kind !== 'frame' || DATA.frames).map((kind) => filterBox(kind, counts[kind],
      open.has(kind) || (first && kind === 'bloc'))),
    el('button', { type: 'button', id: 'reset', class: 'quiet', onclick: resetFilters }, t('reset')));
  box.replaceChildren(all);
  for (const o of box.querySelectorAll('.options')) o.scrollTop = scrolled.get(o.dataset.kind) || 0;
}

function searchBox() {
  const input = el('input', {
    type: 'search', id: 'search', dir: 'auto', autocomplete: 'off', spellcheck: 'false', placeholder: t('search_hint'),
    oninput: (event) => { state.query = event.target.value; render(null, 'search'); },
  });
  input.value = state.query;
  return el('div', { class: 'search' }, el('label', { for: 'search' }, t('search')), input);
}

function filterBox(kind, counts, open) {
  const chosen = state.filters[kind];
  const options = optionsOf(kind).map(([value, name]) => {
    const id = `filter-${kind}-${value}`;
    const input = el('input', {
      type: 'checkbox', id, checked: chosen.has(value),
      onchange: () => { toggle(chosen, value); render(null, id); },
    });
    const swatch = kind === 'bloc' && el('span', { class: 'swatch', colour: DATA.blocs[value].colour });
    return el('label', { for: id, class: counts.get(value) ? '' : 'empty' }, input, swatch,
      el('span', { dir: 'auto', class: 'name' }, name), el('span', { class: 'n' }, num(counts.get(value) || 0)));
  });
  return el('details', { 'data-kind': kind, open },
    el('summary', {}, t(`by_${kind}`), chosen.size ? el('span', { class: 'badge' }, num(chosen.size)) : null),
    kind === 'frame' && frameChoice(),
    el('div', { class: 'options', 'data-kind': kind, role: 'group', 'aria-label': t(`by_${kind}`) }, options));
}

// Whether frames are looked up in the codes or in the scores, and what these are worth.
function frameChoice() {
  const choices = DATA.frames.coded ? ['codes', 'scores'] : ['scores'];
  return el('div', { class: 'frame-by' },
    el('p', { class: 'fine' }, t(DATA.frames.by_humans ? 'frames_human' : 'frames_program')),
    choices.map((how) => el('button', {
      type: 'button', id: `frame-by-${how}`, 'aria-pressed': String(state.frameBy === how),
      onclick: () => { state.frameBy = how; render(null, `frame-by-${how}`); },
    }, t(`frame_by_${how}`))));
}

function resetFilters() {
  for (const kind of KINDS) state.filters[kind].clear();
  state.query = '';
  render(null, 'reset');
}

function renderToolbar() {
  const pressed = (name, value, words) => el('button', {
    type: 'button', id: `${name}-${value}`, 'aria-pressed': String(state[name] === value),
    onclick: () => {
      state[name] = value;
      if (name === 'view') Object.assign(camera, { x: 0, y: 0, scale: 1 });
      render(null, `${name}-${value}`);
    },
  }, words);
  fill('toolbar',
    el('div', { role: 'group', class: 'segments', 'aria-label': t('view') },
      ['what', 'how'].map((v) => pressed('view', v, t(`view_${v}`)))),
    el('div', { role: 'group', class: 'segments', 'aria-label': t('tool') },
      ['pan', 'rectangle', 'lasso'].map((v) => pressed('tool', v, t(`tool_${v}`)))));
  fill('zoom', [['+', 'zoom_in', () => zoomBy(1.3)], ['−', 'zoom_out', () => zoomBy(1 / 1.3)], ['⌂', 'zoom_all', resetCamera]]
    .map(([sign, key, act]) => el('button', { type: 'button', 'aria-label': t(key), title: t(key), onclick: act }, sign)));
  canvas.setAttribute('aria-label', t('map_label', { view: t(`view_${state.view}`) }));
  canvas.setAttribute('aria-describedby', 'map-help');
  canvas.dataset.tool = state.tool;
  const missing = DATA.map.how.xy.filter((p) => !p).length;
  fill('map-help', t(`map_help_${state.view}`), ' ', t('map_keys'),
    state.view === 'how' && missing ? ` ${t('map_missing', { n: num(missing) })}` : null);
}

// What goes into group A or B: what is picked, or else what is shown.
function renderChooser(shown) {
  const picked = state.picked.size;
  const source = picked ? [...state.picked] : shown;
  const button = (group) => el('button', {
    type: 'button', id: `put-${group}`, disabled: !source.length,
    onclick: () => {
      putIn(group, source);
      state.picked.clear();
      state.tab = 'comparison';
      render(t('live_group', { group, n: num(state[group].size) }), `put-${group}`);
    },
  }, t('put_in', { group }));
  fill('chooser',
    el('span', {}, t(picked ? 'picked' : 'all_shown', { n: num(source.length) })), button('A'), button('B'),
    picked ? el('button', { type: 'button', class: 'quiet', id: 'clear-picked', onclick: () => { state.picked.clear(); render(null, 'put-A'); } }, t('clear_picked')) : null);
}

function renderLegend(counts) {
  document.getElementById('legend').setAttribute('aria-label', t('legend'));
  const chosen = state.filters.bloc;
  fill('legend', DATA.blocs.map((bloc, i) => el('button', {
    type: 'button', id: `legend-${i}`, 'aria-pressed': String(chosen.has(i)), class: chosen.size && !chosen.has(i) ? 'off' : '',
    onclick: () => { toggle(chosen, i); render(null, `legend-${i}`); },
  }, el('span', { class: 'swatch', colour: bloc.colour }), el('span', { dir: 'auto' }, named(bloc)),
  el('span', { class: 'n' }, num(counts.get(i) || 0)))));
}

function renderTabs() {
  const open = (tab) => { state.tab = tab; render(null, `tab-${tab}`); };
  const tabs = ['list', 'document', 'comparison'];
  document.getElementById('tabs').setAttribute('aria-label', t('panels'));
  fill('tabs', tabs.map((tab) => el('button', {
    type: 'button', role: 'tab', id: `tab-${tab}`, 'aria-selected': String(state.tab === tab), 'aria-controls': `panel-${tab}`,
    tabindex: state.tab === tab ? 0 : -1, onclick: () => open(tab),
    onkeydown: (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) open(tabs[(tabs.indexOf(tab) + (state.lang === 'ar' ? -step : step) + 3) % 3]);
    },
  }, t(`tab_${tab}`))));
  for (const tab of tabs) document.getElementById(`panel-${tab}`).hidden = state.tab !== tab;
}

function renderList(shown) {
  const some = shown.slice(0, state.limit);
  const list = el('ul', {
    role: 'listbox', id: 'list', tabindex: 0, 'aria-label': t('list_label'), 'aria-describedby': 'list-help', 'aria-multiselectable': 'true',
    'aria-activedescendant': some.includes(state.active) ? `option-${state.active}` : null, onkeydown: (event) => listKey(event, shown),
  }, some.map((i, at) => optionOf(i, at, shown.length)));
  fill('panel-list', el('p', { class: 'fine', id: 'list-help' }, t('list_help')), list,
    shown.length ? null : el('p', {}, t('nothing')),
    shown.length > some.length && el('button', {
      type: 'button', id: 'more', class: 'quiet', onclick: () => { state.limit += 200; render(null, 'more'); },
    }, t('more', { n: num(shown.length - some.length) })));
}

function optionOf(i, at, size) {
  const doc = DATA.documents[i];
  const group = ['A', 'B'].find((g) => state[g].has(i));
  return el('li', {
    role: 'option', id: `option-${i}`, 'aria-selected': String(state.picked.has(i)), 'aria-posinset': at + 1, 'aria-setsize': size,
    class: i === state.active ? 'active' : '', colour: colourOf(i),
    onclick: (event) => {
      if (event.shiftKey) { toggle(state.picked, i); render(null, 'list'); } else { openDocument(i); render(); }
    },
  }, el('strong', { dir: 'auto' }, titleOf(doc)), byline(doc), group ? el('span', { class: 'badge' }, group) : null);
}

function byline(doc) {
  const parts = [named(DATA.outlets[doc.outlet]), named(DATA.blocs[doc.bloc]), digits(doc.date)].filter(Boolean);
  return el('span', { class: 'byline' }, parts.flatMap((part, j) => [j ? ' · ' : '', el('bdi', {}, part)]));
}

function listKey(event, shown) {
  const now = shown.indexOf(state.active), last = shown.length - 1;
  const moves = { ArrowDown: now + 1, ArrowUp: now < 0 ? 0 : now - 1, Home: 0, End: last, PageDown: now + 10, PageUp: now - 10 };
  if (!shown.length || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key in moves) {
    const to = Math.min(Math.max(moves[event.key], 0), last);
    state.active = shown[to];
    state.limit = Math.max(state.limit, to + 1);
    render(null, 'list');
  } else if (event.key === 'Enter' && now >= 0) {
    openDocument(state.active);
    render(null, 'panel-document');
  } else if (event.key === ' ' && now >= 0) {
    toggle(state.picked, state.active);
    render(t('live_picked', { n: num(state.picked.size) }), 'list');
  } else if (/^[ab]$/i.test(event.key) && now >= 0) {
    const group = event.key.toUpperCase();
    putIn(group, [state.active], false);
    render(t('live_group', { group, n: num(state[group].size) }), 'list');
  } else return;
  event.preventDefault();
}

function renderDocument() {
  if (state.document === null) return fill('panel-document', el('p', { class: 'fine' }, t('no_document')));
  const i = state.document, doc = DATA.documents[i];
  const other = state.lang === 'ar' ? doc.title : doc.title_ar;
  return fill('panel-document', el('article', { colour: colourOf(i) },
    el('h2', { dir: 'auto' }, titleOf(doc)),
    other && other !== titleOf(doc) ? el('p', { dir: 'auto', class: 'other-title' }, other) : null,
    byline(doc),
    facts(doc),
    el('div', { class: 'actions' }, ['A', 'B'].map((group) => el('button', {
      type: 'button', id: `doc-${group}`, onclick: () => { putIn(group, [i], false); render(t('live_group', { group, n: num(state[group].size) }), `doc-${group}`); },
    }, t('add_to', { group }))), el('button', { type: 'button', class: 'quiet', id: 'back', onclick: () => { state.tab = 'list'; render(null, 'list'); } }, t('back'))),
    texts(doc), framesTable(doc)));
}

function facts(doc) {
  const rows = [
    [t('fact_url'), addressOf(doc.url)], [t('by_event'), el('bdi', {}, named(DATA.events[doc.event]))],
    [t('by_language'), languageName(doc.language)],
    doc.relay_of.length && [t('fact_relay'), doc.relay_of.map(named).join('، ')],
    doc.copies.length && [t('fact_copies'), doc.copies.map((c) => el('div', {}, el('bdi', {}, named(c.outlet)), ' ', addressOf(c.url)))],
    doc.cluster !== null && [t('fact_cluster'), `C${doc.cluster + 1}`],
    [t('fact_id'), el('code', {}, doc.id)],
  ].filter(Boolean);
  return el('dl', {}, rows.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));
}

function addressOf(url) {
  if (!url) return t('no_url');
  const href = safeUrl(url);
  if (!href) return el('bdi', { class: 'url' }, url);
  return el('a', { href, class: 'url', dir: 'ltr', rel: 'noopener noreferrer', target: '_blank' }, url);
}

// Sentence by sentence with the gloss below, where the texts run parallel; else one text after the other.
function texts(doc) {
  const { ar, en, orig } = doc.texts;
  const parts = [];
  const paired = ar && en && ar.length === en.length;
  const translated = (slot) => (doc.translated.includes(slot) ? ` (${t('translated')})` : '');
  if (ar) parts.push(el('h3', {}, t(paired ? 'text_ar_en' : 'text_ar') + translated('ar')),
    el('ol', { class: 'sentences', id: 'sentences' }, ar.map((s, j) => el('li', {}, quoted(s, 'ar', 'p', { class: 'said' }),
      paired && quoted(en[j], 'en', 'p', { class: 'gloss' })))));
  if (en && !paired) parts.push(el('h3', {}, t('text_en') + translated('en')), quoted(en.join(' '), 'en', 'p'));
  if (orig) parts.push(el('h3', {}, t('text_orig', { language: languageName(doc.language) }) + translated('orig')),
    quoted(orig.join(' '), doc.language, 'p', { id: 'original' }));
  return parts;
}

function framesTable(doc) {
  if (!DATA.frames) return null;
  const rows = DATA.frames.list.map((frame, j) => ({ frame, code: doc.codes ? doc.codes[j] : null, score: doc.scores[j] }));
  const told = rows.filter((r) => (r.code !== null && r.code > 0) || r.score >= DATA.settings.scored);
  told.sort((a, b) => (b.code || 0) - (a.code || 0) || b.score - a.score);
  const code = (v) => (v === null ? '–' : v >= 0.99 ? t('code_yes') : v > 0 ? t('code_some') : t('code_no'));
  return [
    el('h3', {}, t('frames')), el('p', { class: 'fine' }, t(DATA.frames.by_humans ? 'frames_human' : 'frames_program')),
    told.length ? el('table', {}, el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, t('frame')),
      DATA.frames.coded && el('th', { scope: 'col' }, t('coded')), el('th', { scope: 'col', title: t('score_hint') }, t('score')))),
    el('tbody', {}, told.map((r) => el('tr', { title: r.frame.definition[state.lang] }, el('th', { scope: 'row' }, named(r.frame)),
      DATA.frames.coded && el('td', {}, code(r.code)), el('td', {}, num(r.score, 1)))))) : el('p', {}, t('no_frames')),
  ].filter(Boolean);
}
