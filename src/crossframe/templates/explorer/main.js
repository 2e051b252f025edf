// Everything is drawn anew from the state after each choice; the focus stays where it was.

let announced = '';

function render(said = null, focus = null) {
  const { shown, counts } = filtered();
  const input = document.activeElement === document.getElementById('search') ? document.activeElement : null;
  const caret = input ? [input.selectionStart, input.selectionEnd] : null;
  renderHeader();
  renderFilters(counts, shown.length);
  renderToolbar();
  renderChooser(shown);
  renderLegend(counts.bloc);
  renderTabs();
  renderList(shown);
  renderDocument();
  if (state.tab === 'comparison' && DATA.vectors) renderComparison();
  drawMap(shown);
  showTooltip(null);
  writeAddress();
  if (focus) restoreFocus(focus, caret);
  scrollToActive();
  announce(said || t('shown', { n: num(shown.length), all: num(DATA.documents.length) }));
}

function restoreFocus(id, caret) {
  const node = document.getElementById(id);
  if (!node) return;
  node.focus({ preventScroll: id === 'list' });
  if (id === 'search' && caret) node.setSelectionRange(...caret);
}

// Keep the active option in view inside its list, without moving the page.
function scrollToActive() {
  const option = state.active === null ? null : document.getElementById(`option-${state.active}`);
  const box = document.getElementById('panel-list');
  if (!option || box.hidden) return;
  const gap = option.getBoundingClientRect(), room = box.getBoundingClientRect();
  if (gap.top < room.top) box.scrollTop += gap.top - room.top - 8;
  if (gap.bottom > room.bottom) box.scrollTop += gap.bottom - room.bottom + 8;
}

function announce(text) {
  if (text === announced) return;
  announced = text;
  fill('live', text);
}

if (!DATA.documents.length) {
  readAddress();
  renderHeader();
  for (const id of ['filters', 'main', 'side', 'skip']) document.getElementById(id).hidden = true;
} else {
  listenToMap();
  readAddress();
  render();
  window.addEventListener('hashchange', () => { readAddress(); render(); });
}

// For tests and for the browser's console.
window.crossframe = Object.freeze({ data: DATA, state, fold, compare, markingTerms, contrastingSentences, ofBloc, groupBloc,
  shown: () => filtered().shown, places: () => places, names: () => nameBoxes });
