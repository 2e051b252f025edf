"""The gazetteer: names of outlets, agencies and official publishers, and where they stand in a text."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cache
from importlib.resources import files
from pathlib import Path

from crossframe.errors import InputError
from crossframe.ingest.translit import SURE_SKELETON, bones, joined, opening, skeleton
from crossframe.text import match_form

OFFICIAL, AGENCY = "official", "agency"
_TOKEN = re.compile(r"[\w\u064b-\u0652\u0670]+")
_GAP = re.compile(r"[ \u00a0\-–.'’\"/&]{0,3}")  # between the words of one name
_CYRILLIC = re.compile(r"[\u0400-\u04ff]{4,}")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ACRONYM = 4  # Latin names up to this length must stand in their own case: AP is not "ap", TIME not "time"
_CLOSE = 0.85  # of a name in quotation marks to a known one, letters alone; transliterations of one name differ less
_MIN_FUZZY = 7  # letters; shorter names resemble each other
_MIN_ALIAS = 2
_RESPELT, _RESPELT_WORDS, _RESPELT_LENGTH = 0.9, 4, 40  # closeness of a name that only sounds like a known one
_UNNAMED = "unnamed-"


@dataclass(frozen=True)
class Source:
    """An outlet, agency or official publisher; `arabic` says that its name in Arabic is no transliteration."""

    outlet_id: str
    name: str
    kind: str
    country: str
    arabic: bool = False


@dataclass(frozen=True)
class Mention:
    """A name at `text[start:end]`; `plain` says that it is no ordinary word."""

    source: Source
    start: int
    end: int
    plain: bool
    closeness: float = 1.0


@dataclass(frozen=True)
class _Alias:
    tokens: tuple[str, ...]
    written: str
    source: Source
    plain: bool


class Gazetteer:
    """Finds known names in texts. Names of several words are preferred to those within them."""

    def __init__(self, rows: Iterable[tuple[Source, Sequence[str]]]) -> None:
        """Index the names of `rows`; a name that two sources share belongs to the first."""
        self._first: dict[str, list[_Alias]] = {}
        self._unspaced: list[_Alias] = []
        self._known: dict[str, Source] = {}
        self._bones: dict[str, Source | None] = {}  # None: two sources' names sound alike
        for source, names in rows:
            for written in names:
                self._add(source, written)
        self._beginnings = {whole[:n] for whole in self._bones for n in range(len(whole) + 1)}
        for aliases in self._first.values():
            aliases.sort(key=lambda a: -len(a.tokens))
        self._unspaced.sort(key=lambda a: -len(a.written))

    def _add(self, source: Source, written: str) -> None:
        plain, name = not written.startswith("?"), written.lstrip("?").strip()
        tokens = tuple(_key(t) for t in _TOKEN.findall(name))
        form = match_form(name)
        if not tokens or len(form) < _MIN_ALIAS:
            return
        self._known.setdefault(form, source)
        if not source.arabic and source.kind != OFFICIAL and (whole := skeleton(name)):
            self._bones[whole] = source if self._bones.get(whole, source) == source else None
        alias = _Alias(tokens, name, source, plain)
        if _UNSPACED.search(name):
            self._unspaced.append(alias)
        else:
            self._first.setdefault(tokens[0], []).append(alias)

    def exact(self, name: str) -> Source | None:
        """Return the source of that name, or None."""
        form = match_form(name).strip(" \"'“”«»().:")
        return self._known.get(form) or self._known.get(form.removeprefix("موقع ").removeprefix("صحيفة "))

    def close(self, name: str) -> tuple[Source, float] | None:
        """Return the one source whose name is spelt nearly so, with the similarity in [0, 1]; None if none or two."""
        form = match_form(name)
        if len(form) < _MIN_FUZZY:
            return None
        scored: dict[Source, float] = {}
        for known, source in self._known.items():
            if abs(len(known) - len(form)) <= 2 and known[-1:] == form[-1:]:
                ratio = SequenceMatcher(None, form, known, autojunk=False).ratio()
                if ratio >= _CLOSE:
                    scored[source] = max(ratio, scored.get(source, 0.0))
        if len(scored) != 1:
            return None
        return next(iter(scored.items()))

    def mentions(self, text: str) -> list[Mention]:
        """Return the names in a text, in order, none inside another."""
        found = self._spaced(text) + self._in_unspaced(text)
        found.sort(key=lambda m: (-(m.end - m.start), m.start))
        found += self._respelt(text)  # what is spelt as known comes first
        kept: list[Mention] = []
        covered = bytearray(len(text))
        for mention in found:
            if not any(covered[mention.start : mention.end]):
                covered[mention.start : mention.end] = b"\1" * (mention.end - mention.start)
                kept.append(mention)
        return sorted(kept, key=lambda m: m.start)

    def _spaced(self, text: str) -> list[Mention]:
        tokens = [(m.start(), m.end(), _key(m[0])) for m in _TOKEN.finditer(text)]
        found = []
        for i, (start, end, key) in enumerate(tokens):
            for form, cut in _without_clitics(key):
                for alias in self._first.get(form, ()):
                    last = _run(tokens, i, alias.tokens, text)
                    begin = start + (cut if end - start == len(key) else 0)
                    if last and _same_case(alias.written, text[begin:last]):
                        found.append(Mention(alias.source, begin, last, alias.plain))
                        break
        return found

    def _respelt(self, text: str) -> list[Mention]:
        """Return foreign names in Arabic letters that are spelt otherwise than in the gazetteer, longer ones first."""
        tokens = [
            (m.start(), m.end(), match_form(m[0])) for m in _TOKEN.finditer(text) if "\u0620" <= m[0][0] <= "\u06ff"
        ]
        pieces = [bones(form) for _start, _end, form in tokens]
        found = []
        for i, (start, _end, form) in enumerate(tokens):
            first = opening(form)
            for last in range(i, min(i + _RESPELT_WORDS, len(tokens))) if first in self._beginnings else ():
                end = tokens[last][1]
                if end - start > _RESPELT_LENGTH or "\n" in text[start:end]:
                    break
                if pieces[last] is None:
                    break
                whole = joined([first, *pieces[i + 1 : last + 1]])
                if source := self._bones.get(whole):
                    sure = len(whole) >= SURE_SKELETON and last > i
                    found.append(Mention(source, start, end, sure, _RESPELT))
        return sorted(found, key=lambda m: (-(m.end - m.start), m.start))

    def _in_unspaced(self, text: str) -> list[Mention]:
        if not _UNSPACED.search(text):
            return []
        return [
            Mention(alias.source, m.start(), m.end(), alias.plain)
            for alias in self._unspaced
            if alias.written in text
            for m in re.finditer(re.escape(alias.written), text)
        ]


@cache
def _stemmer() -> object:
    from snowballstemmer import stemmer

    return stemmer("russian")


@cache
def _key(token: str) -> str:
    """Return a token's form for matching; Cyrillic words lose their endings («Коммерсанта», «Коммерсантъ»)."""
    form = match_form(token)
    if _CYRILLIC.fullmatch(form):
        return str(_stemmer().stemWord(form.removesuffix("ъ")))  # type: ignore[attr-defined]
    return form


def _without_clitics(key: str) -> list[tuple[str, int]]:
    """Return the forms of an Arabic word with and without leading و ف ب ل ك, and how many letters went."""
    forms = [(key, 0)]
    if not "\u0620" <= key[:1] <= "\u064a":
        return forms
    if key[0] in "وف" and len(key) > 3:
        forms.append((key[1:], 1))
    for form, cut in list(forms):
        if form.startswith("لل") and len(form) > 4:
            forms += [("ال" + form[2:], cut), (form[2:], cut + 2)]
        elif form[0] in "بلك" and len(form) > 3:
            forms.append((form[1:], cut + 1))
    return forms


def _run(tokens: list[tuple[int, int, str]], i: int, wanted: tuple[str, ...], text: str) -> int:
    """Return where a name of several words that begins at token `i` ends; 0 if it does not stand there."""
    for step, key in enumerate(wanted[1:], start=1):
        if i + step >= len(tokens) or tokens[i + step][2] != key:
            return 0
        if not _GAP.fullmatch(text[tokens[i + step - 1][1] : tokens[i + step][0]]):
            return 0
    return tokens[i + len(wanted) - 1][1]


def _same_case(written: str, found: str) -> bool:
    """Return whether a Latin or Cyrillic name stands as a name: acronyms in full, others with their capital."""
    if not written[0].isalpha() or written[0].lower() == written[0].upper():
        return True
    letters = written.replace(".", "").replace(" ", "")
    if len(letters) <= _ACRONYM and letters.isupper():
        return found.replace(".", "").replace(" ", "") == letters
    return not written[0].isupper() or found[:1].isupper()


def load_gazetteer(outlets: Sequence[Path] = ()) -> Gazetteer:
    """Return the package's gazetteer with the rows of outlet tables before it.

    A table's row whose id or English name the package knows takes the package's other names over; the table's own
    name stands in results.

    Parameters
    ----------
    outlets
        CSV tables with outlet_id, name_en, name_ar and aliases (`;`), such as a study's data/raw/outlets.csv.

    Raises
    ------
    InputError
        If a table is not readable or lacks a column.
    """
    packaged = _parse(
        files("crossframe.ingest").joinpath("data/gazetteer.csv").read_text(encoding="utf-8"), "gazetteer"
    )
    rows: dict[str, tuple[Source, list[str]]] = {}
    for path in outlets:
        for source, names in _parse(_read(path), str(path)):
            if not source.outlet_id.startswith(_UNNAMED):
                rows.setdefault(source.outlet_id, (source, []))[1].extend(names)
    by_name = {match_form(source.name): key for key, (source, _names) in rows.items()}
    for source, names in packaged:
        same = source.outlet_id if source.outlet_id in rows else by_name.get(match_form(source.name), "")
        if same:
            own, known = rows[same]
            doubtful = {match_form(n.lstrip("?")) for n in names if n.startswith("?")}
            kept = [f"?{n}" if match_form(n) in doubtful else n for n in known]
            rows[same] = (replace(own, kind=source.kind), [*kept, *names])
        else:
            rows[source.outlet_id] = (source, names)
    return Gazetteer(rows.values())


def _read(path: Path) -> str:
    from crossframe.ingest.decode import MAX_PAGE_BYTES, read_text

    return read_text(path, MAX_PAGE_BYTES)


def _parse(text: str, where: str) -> list[tuple[Source, list[str]]]:
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    needed = ("outlet_id", "name_en", "name_ar", "aliases")
    if missing := [c for c in needed if c not in (rows[0] if rows else {})]:
        raise InputError(f"column(s) {', '.join(missing)} are missing", where, f"It needs {', '.join(needed)}.")
    out = []
    for row in rows:
        ownership = row.get("kind") or (OFFICIAL if row.get("ownership") == "institution" else "")
        name = (row["name_en"] or "").lstrip("?")
        arabic = (row.get("language") or "").startswith("ar")
        source = Source(row["outlet_id"] or name, name, ownership, row.get("country") or "", arabic)
        names = [row["name_en"], row["name_ar"], *(row["aliases"] or "").split(";")]
        names += [bare for n in names if n and (bare := re.sub(r"\s*\([^)]*\)$", "", n)) != n and len(bare) > _ACRONYM]
        out.append((source, [n.strip() for n in names if n and n.strip()]))
    return out
