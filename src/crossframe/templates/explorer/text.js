// Words of the interface, numbers, and the folded form in which texts are searched.

const WORDS = JSON.parse(document.getElementById('words').textContent);
const DATA = JSON.parse(document.getElementById('data').textContent);
for (const doc of DATA.documents) for (const name of ['relay_of', 'translated', 'copies']) doc[name] ??= [];
const INDIC = '٠١٢٣٤٥٦٧٨٩';
const FOLD = { 'ى': 'ي', 'ة': 'ه', 'ٱ': 'ا', 'ک': 'ك', 'ی': 'ي', 'گ': 'ك', 'ـ': '' };

// The word of the interface under `key`, with {names} filled in.
function t(key, values = {}) {
  const text = WORDS[state.lang][key];
  if (text === undefined) throw new Error(`no word for ${key}`);
  return indic(text).replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// A number as it is printed: so many decimals, digits of the study's choice, kept together in either direction.
function num(value, decimals = 0) {
  let text = value.toFixed(decimals).replace('-', '−');
  if (/^−0(\.0*)?$/.test(text)) text = text.slice(1);
  return `\u2066${digits(text)}\u2069`;
}

// The decimal point is another sign in Arabic-Indic digits.
function digits(number) {
  const text = indic(number);
  return text === number ? text : text.replace('.', '٫');
}

function indic(text) {
  if (state.lang !== 'ar' || DATA.study.numerals === 'latin') return text;
  return text.replace(/[0-9]/g, (d) => INDIC[d]);
}

// A p-value: never a bare zero.
function pValue(p) {
  return p < 0.001 ? `< ${num(0.001, 3)}` : `= ${num(p, 3)}`;
}

// What is compared in a search, never shown: letters without their marks, alef, ya, ta marbuta and kaf in one form.
function fold(text) {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f\u064b-\u065f\u0670]/g, '')
    .toLowerCase()
    .replace(/[ىةٱکیگـ]/g, (c) => FOLD[c])
    .replace(/[٠-٩]/g, (c) => String(INDIC.indexOf(c)))
    .replace(/\s+/g, ' ')
    .trim();
}

// The name of a bloc, event, outlet or frame in the language of the page.
function named(thing) {
  return (state.lang === 'ar' && thing.ar) || thing.en;
}

// The title of a document in the language of the page, else in the other one, else how its text begins.
function titleOf(doc) {
  const own = state.lang === 'ar' ? doc.title_ar || doc.title : doc.title || doc.title_ar;
  return own || excerpt((doc.texts[state.lang] || doc.texts[doc.compared])[0]);
}

function excerpt(text) {
  return text.length > 90 ? `${text.slice(0, 88)}…` : text;
}

function languageName(code) {
  try {
    return new Intl.DisplayNames([state.lang], { type: 'language' }).of(code);
  } catch {
    return code;
  }
}

// An address that may be followed: http and https alone.
function safeUrl(url) {
  try {
    const parsed = new URL(url);
    return ['http:', 'https:'].includes(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

// An element with attributes, listeners (`on…`) and children. Strings become text nodes, never markup.
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (name === 'colour') node.style.setProperty('--colour', value);
    else if (name === 'width') node.style.inlineSize = value;
    else if (value === true) node.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return node;
}

// A piece of the corpus: text in its own language and direction.
function quoted(text, language, tag = 'span', attributes = {}) {
  return el(tag, { lang: language, dir: 'auto', ...attributes }, text);
}

function fill(id, ...children) {
  document.getElementById(id).replaceChildren(...children.flat().filter(Boolean));
}
