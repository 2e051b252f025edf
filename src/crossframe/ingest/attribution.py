"""Attribution: the source whose framing a text relays, found from names and phrases, with the words it rests on.

A name alone attributes nothing: it counts where a phrase of data/cues.toml stands beside it, in a dateline, in a
credit, or in the page's own source line. Confidence orders answers; it is not a calibrated probability.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from crossframe.ingest.cues import Cue, back_references, cues, designators
from crossframe.ingest.gazetteer import OFFICIAL, Gazetteer, Mention, Source
from crossframe.ingest.records import TELL, Claim, Span
from crossframe.ingest.words import is_generic
from crossframe.text import match_form, match_map

CERTAIN = 0.97  # no phrase makes it surer
_REACH = 90  # characters beside a name in which a phrase is looked for
_REACH_AFTER = 170  # Korean and Japanese verbs stand at the sentence's end
_CITY_WORDS, _CREDIT_END = 6, 10
# what stands before and after: «لندن – رويترز:», "LONDON (Reuters) -", «(서울=연합뉴스)», «МОСКВА, 5 июня. /ТАСС/»
_DATELINES = (
    (re.compile(r"[^.،:]{0,40}[\s(=/–—-]+|[\"'(«\[]?"), re.compile(r"[)»\]]?\s*[:：–—-]|[)\]】]")),
    (re.compile(r"[^:]{0,40}\s[–—-]\s"), re.compile(r"\.\s")),
    (re.compile(r"[^:]{0,40}/"), re.compile(r"/")),
)
_MARK = re.compile(r"[(=/–—\"«\[-]\s*$")
_TOP = 700  # characters: what the lead says is what the text is about
_LATE, _DEEP = 0.85, 0.7  # of a phrase below the lead, and in the second half of a long text
_FURTHER = 0.5  # of each phrase after a source's strongest
_MAX_PHRASES = 4
_MAX_MENTIONS = 300  # names that are looked at, from the top; no article names so many
_RIVAL, _SHARED = 0.85, 0.75  # two sources nearly as strong: less sure of either
_OFFICIAL = {"report": 0.4, "accord": 0.45, "tells": 0.3, "relay": 0.7, "article": 0.7, "publish": 0.95}
_DATELINE_WEIGHT, _HEADLINE_WEIGHT, _CREDIT_WEIGHT = 0.85, 0.85, 0.7
_SOURCE_LINE, _VIA_LINE = 0.6, 0.9
_UNLISTED = 0.8  # a name that is in no gazetteer but stands in quotation marks after «صحيفة»
_BACK_WEIGHT = 0.35  # of each «وقالت الصحيفة» after the source was named
_SENTENCE_END = re.compile(r"[.!?؟。！？]\s|\n")
_QUOTED = re.compile(r"[\"“«『「《]([^\"”»』」》\n]{3,40})[\"”»』」》]")
_LATIN_OUTLET = re.compile(
    r"\b(?:[Tt]he )?((?:[A-Z][\w&'’-]+ ){1,3}(?:Times|Post|Herald|Gazette|Tribune|Journal|Digest|Observer|Chronicle|"
    r"Courier|Daily|Telegraph|Examiner|Mercury|Bulletin|Dispatch|Sentinel|News Agency|Press Agency))\b"
)


@dataclass(frozen=True)
class _Evidence:
    source: Source
    weight: float
    kind: str
    span: Span


def attribute(
    title: str, text: str, gazetteer: Gazetteer, *, source: str, source_line: str, via_line: str
) -> list[Claim]:
    """Return the sources that a text relays, the surest first; none where it is not told.

    Parameters
    ----------
    title, text
        As stored; the spans of the claims count characters in them.
    gazetteer
        Known names.
    source
        The outlet of the page, as far as known; it does not relay itself.
    source_line, via_line
        What the page says after «المصدر:» and «نقلاً عن», or ''.

    Returns
    -------
    list of Claim
        Sources with confidence of 0.5 and more come first; weaker ones follow so that a reader can judge.
    """
    evidence = _in_text("text", text, gazetteer) + _in_text("title", title, gazetteer) + _headline(title, gazetteer)
    evidence += _datelines(text, gazetteer)
    # an outlet does not relay itself; but where a source line names it, the text may say that it is its own
    own_line = name_of(source_line, gazetteer) == source
    evidence = [e for e in evidence if e.source.name != source or (own_line and e.kind != "tells")]
    lines = _lines(gazetteer, source, source_line, via_line)
    claims = _weigh(evidence + [e for e in lines if e.kind == "via line"], text)
    if not claims or claims[0].confidence < TELL:  # nobody else is told: the text is the named source's own
        own = [e for e in lines if e.kind == "source line"]
        claims = [_claim(e.source, e.weight, e) for e in own[:1]] + [
            c for c in claims if not own or c.source != own[0].source.name
        ]
    return claims


def name_of(written: str, gazetteer: Gazetteer) -> str:
    """Return the name of the outlet that a source line names; '' for «وكالات» and other lines that name nobody."""
    found = _named(written, gazetteer)
    return found.name if found else ""


def _named(written: str, gazetteer: Gazetteer) -> Source | None:
    written = written.strip(" \"'“”«»().:*-–—")
    if not written or is_generic(written):
        return None
    if exact := gazetteer.exact(written):
        return exact
    mentions = gazetteer.mentions(written)
    if found := next((m for m in mentions if m.plain or _stands_alone(written, m)), None):
        return found.source
    name = re.split(r"\s[+|/–—-]\s|[+|،,;]", written)[0].strip()
    if is_generic(name) or len(name.split()) > 6 or not any(c.isalpha() for c in name):
        return None
    return Source("", re.sub(r"^https?://(?:www\.)?([^/\s]+).*", r"\1", name), "", "")


def _stands_alone(written: str, mention: Mention) -> bool:
    """Return whether an ordinary word that is a name is a whole part of a line: «صحيفة الخليج»، not «الخليج الآن»."""
    before = re.split(r"[+|/–—،,;()-]", written[: mention.start])[-1]
    after = re.split(r"[+|/–—،,;()-]", written[mention.end :])[0]
    named = not before.strip(" \"'“«") or designators().search(match_map(before)[0])
    return bool(named) and not after.strip(" \"'”».")


def _lines(gazetteer: Gazetteer, source: str, source_line: str, via_line: str) -> list[_Evidence]:
    out = []
    for line, weight, kind in ((source_line, _SOURCE_LINE, "source line"), (via_line, _VIA_LINE, "via line")):
        if named := _named(line, gazetteer):
            span = Span("line", line, 0, len(line))
            relayed = kind == "source line" and source and named.name != source
            out.append(_Evidence(named, _VIA_LINE if relayed else weight, "via line" if relayed else kind, span))
    return out


def _in_text(field: str, text: str, gazetteer: Gazetteer) -> list[_Evidence]:
    """Return what phrases beside names say."""
    mentions = gazetteer.mentions(text)
    mentions = sorted(mentions + _unlisted(text, mentions, gazetteer), key=lambda m: m.start)
    out = []
    for mention in mentions[:_MAX_MENTIONS]:
        best = _phrase(text, mention)
        if best is not None:
            cue, start, end = best
            weight = _weight(cue, mention) * _place(start, text, field) * mention.closeness
            out.append(_Evidence(mention.source, weight, cue.kind, Span(field, text[start:end], start, end)))
    return out


def _weight(cue: Cue, mention: Mention) -> float:
    """Return how strongly a phrase tells; what officials say is no relay of what they publish."""
    return cue.weight * (_OFFICIAL.get(cue.kind, 1.0) if mention.source.kind == OFFICIAL else 1.0)


def _phrase(text: str, mention: Mention) -> tuple[Cue, int, int] | None:
    """Return the strongest phrase beside a name with the stretch of text from it to the name, or None."""
    low = max(0, mention.start - _REACH)
    ends = [m.end() for m in _SENTENCE_END.finditer(text, low, mention.start)]
    low = ends[-1] if ends else low
    stop = _SENTENCE_END.search(text, mention.end, mention.end + _REACH_AFTER)
    high = stop.start() + 1 if stop else min(len(text), mention.end + _REACH_AFTER)
    left, left_places = match_map(text[low : mention.start])
    right, right_places = match_map(text[mention.end : high])
    named = designators().search(left)
    if not mention.plain and not (named or _in_quotes(text, mention)):
        return None
    best: tuple[Cue, int, int] | None = None
    for cue in cues():
        found = cue.pattern.search(left if cue.before else right)
        if found is None or (best is not None and _weight(cue, mention) <= _weight(best[0], mention)):
            continue
        if cue.before:
            best = (cue, low + left_places[found.start()], mention.end)
        else:
            start = low + left_places[named.start()] if named else mention.start
            best = (cue, start, mention.end + right_places[found.end()])
    return None if best is None else (best[0], *_trimmed(text, best[1], best[2]))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    closing = text[end : end + 1]
    return start, end + 1 if closing and closing in "”»』」》" else end


def _in_quotes(text: str, mention: Mention) -> bool:
    return text[: mention.start].rstrip(" ")[-1:] in tuple('"“«『「《') and text[mention.end :].lstrip(" ")[
        :1
    ] in tuple('"”»』」》')


def _place(start: int, text: str, field: str) -> float:
    if field == "title" or start < _TOP:
        return 1.0
    return _LATE if start < len(text) / 2 else _DEEP


def _unlisted(text: str, mentions: Sequence[Mention], gazetteer: Gazetteer) -> list[Mention]:
    """Return names that the gazetteer does not hold: quoted after «صحيفة», or ending in Times, Gazette …

    A quoted name that is nearly a known one («رودونج سينمن») is taken for it.
    """
    out: list[Mention] = []
    taken = {place for m in mentions for place in range(m.start, m.end)}
    for found in islice(_QUOTED.finditer(text), _MAX_MENTIONS):
        before = match_map(text[max(0, found.start() - _REACH) : found.start(1)])[0]
        if not taken.isdisjoint(range(*found.span(1))) or not designators().search(before):
            continue
        close = gazetteer.close(found[1])
        source, closeness = close or (Source("", found[1].strip(), "", ""), _UNLISTED)
        out.append(Mention(source, found.start(1), found.end(1), True, closeness))
    for found in islice(_LATIN_OUTLET.finditer(text), _MAX_MENTIONS):
        if taken.isdisjoint(range(*found.span(1))):
            out.append(Mention(Source("", found[1], "", ""), found.start(1), found.end(1), True, _UNLISTED))
    return out


def _headline(title: str, gazetteer: Gazetteer) -> list[_Evidence]:
    """Return what a title says that begins or ends with a name: «الغارديان: …», "… – report by Reuters" does not."""
    out = []
    for m in gazetteer.mentions(title):
        head = re.fullmatch(r"[\s\"'“«(]*(?:\w+ )?", title[: m.start]) and re.match(r"[”»\")]*\s?[:：]", title[m.end :])
        if head and m.source.kind != OFFICIAL and (m.plain or m.closeness == 1):
            out.append(
                _Evidence(m.source, _HEADLINE_WEIGHT, "headline", Span("title", title[m.start : m.end], m.start, m.end))
            )
    return out


def _datelines(text: str, gazetteer: Gazetteer) -> list[_Evidence]:
    """Return agencies in a dateline («لندن – رويترز:», "LONDON (Reuters) -") or a closing credit («(رويترز)»)."""
    out = []
    first = text.split("\n", 1)[0][:80]
    for m in gazetteer.mentions(first):
        before, after = first[: m.start], first[m.end :]
        part = m.plain or not before or _MARK.search(before)  # «عدن الغد –» does not name الغد
        if (
            part
            and len(before.split()) <= _CITY_WORDS
            and any(b.fullmatch(before) and a.match(after) for b, a in _DATELINES)
        ):
            out.append(
                _Evidence(m.source, _DATELINE_WEIGHT, "dateline", Span("text", first[m.start : m.end], m.start, m.end))
            )
    last = text.rstrip().rfind("\n") + 1
    tail = text[last:].rstrip()
    for m in gazetteer.mentions(tail):
        if (
            len(tail) - m.end <= _CREDIT_END
            and re.search(r"[(\[（—–-]\s*$", tail[max(0, m.start - _CREDIT_END) : m.start])
            and re.fullmatch(r"\s*[)\]）.]*", tail[m.end :])
        ):
            start, end = last + m.start, last + m.end
            out.append(_Evidence(m.source, _CREDIT_WEIGHT, "credit", Span("text", text[start:end], start, end)))
    return out


def _weigh(evidence: Sequence[_Evidence], text: str) -> list[Claim]:
    """Join the evidence for each source: the strongest phrase, and a part of the doubt for each further one."""
    by_name: dict[str, list[_Evidence]] = {}
    for e in evidence:
        by_name.setdefault(e.source.name, []).append(e)
    scored = []
    for found in by_name.values():
        found.sort(key=lambda e: (-e.weight, e.span.start))
        doubt = 1 - found[0].weight
        for e in found[1:_MAX_PHRASES]:
            doubt *= 1 - _FURTHER * e.weight
        scored.append((1 - doubt, found[0]))
    scored.sort(key=lambda pair: (-pair[0], pair[1].span.start))
    back = min(2, len(back_references().findall(match_form(text))))
    if scored and back and scored[0][1].source.kind != OFFICIAL:
        scored[0] = (1 - (1 - scored[0][0]) * (1 - _BACK_WEIGHT) ** back, scored[0][1])
    if len(scored) > 1 and scored[1][0] >= _RIVAL * scored[0][0] and not _beside(scored[0][1], scored[1][1]):
        scored[0] = (scored[0][0] * _SHARED, scored[0][1])
        scored[1] = (min(scored[1][0] * _SHARED, scored[0][0]), scored[1][1])
    return [_claim(e.source, min(score, CERTAIN), e) for score, e in scored]


def _beside(one: _Evidence, other: _Evidence) -> bool:
    """Return whether two sources stand together (an article in one, published by the other): no rivals."""
    return one.span.field == other.span.field and abs(one.span.start - other.span.start) < 2 * _REACH


def _claim(source: Source, confidence: float, evidence: _Evidence) -> Claim:
    return Claim(source.name, source.outlet_id, confidence, evidence.span, evidence.kind)
