"""A report within one sentence, before it becomes an attribution with its place in the text."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from crossframe.voice.conjugation import VerbForm
from crossframe.voice.lexicon import VerbClass
from crossframe.voice.records import Attribution, Party
from crossframe.voice.tokens import Token


@dataclass(frozen=True)
class Report:
    """Who reports, with which word, at which token; `end` is the token after the subject.

    An `aside` stands beside what is reported: «بحسب فلان», «وفق ما ذكرته تاس». A later «وأضاف» may point to
    the speakers of a `lasting` report.
    """

    speakers: list[Party]
    verb: str
    verb_class: VerbClass
    at: int
    end: int
    inferred: bool = False
    via: str | None = None
    objects: list[Party] = field(default_factory=list)
    form: VerbForm | None = None
    lasting: bool = True
    aside: bool = False


def attributions_of(reports: Sequence[Report], tokens: Sequence[Token], place: tuple[int, int]) -> list[Attribution]:
    """Return an attribution for each speaker of each report of a sentence."""
    out = []
    for k, report in enumerate(reports):
        content = _content(k, reports, tokens, place)
        quotes = [t for t in tokens if t.kind == "quote" and content[0] <= t.start < content[1]]
        if quotes:
            content = (quotes[0].start, quotes[0].end)
        out += [
            Attribution(s.actor_id, s.name, report.verb, report.verb_class, place, content, bool(quotes),
                        report.inferred, report.via)
            for s in report.speakers
        ]  # fmt: skip
    return out


def _content(k: int, reports: Sequence[Report], tokens: Sequence[Token], place: tuple[int, int]) -> tuple[int, int]:
    """Return (start, end) of what is reported.

    It runs from after the subject to the next verb that reports; an aside that does not begin its sentence
    reports what stands before it.
    """
    report = reports[k]
    if report.aside and report.at > 1:
        earlier = [r.end for r in reports[:k] if not r.aside]
        return _trimmed(earlier[-1] if earlier else 0, report.at, tokens, place)
    later = [r.at for r in reports[k + 1 :] if not r.aside]
    return _trimmed(report.end, later[0] if later else len(tokens), tokens, place)


def _trimmed(first: int, stop: int, tokens: Sequence[Token], place: tuple[int, int]) -> tuple[int, int]:
    """Return the place of tokens first to stop, without the marks at its beginning and end."""
    while first < stop and tokens[first].kind == "mark":
        first += 1
    while stop > first and tokens[stop - 1].kind == "mark":
        stop -= 1
    return (tokens[first].start, tokens[stop - 1].end) if first < stop else (place[1], place[1])
