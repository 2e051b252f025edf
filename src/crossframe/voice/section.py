"""Who gets to speak and who is blamed, bloc by bloc: plain numbers for results.json."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from crossframe.corpus import text_of
from crossframe.robust import wilson
from crossframe.types import Document
from crossframe.voice.actors import Gazetteer
from crossframe.voice.lexicon import LANGUAGES, VERB_CLASSES
from crossframe.voice.quotes import quoted_words
from crossframe.voice.records import Attribution, Blame
from crossframe.voice.speech import read

NO_BLOC = "none"  # an actor without a bloc: the United Nations, the West
NOT_LISTED = "not in the gazetteer"
N_SPEAKERS = 10  # speakers shown a bloc


@dataclass(frozen=True)
class Heard:
    """What one document says of voices."""

    doc_id: str
    bloc: str
    quoted_words: int
    words: int
    attributions: tuple[Attribution, ...]
    blame: tuple[Blame, ...]

    @property
    def speeches(self) -> list[Attribution]:
        """Acts of speech; «وفق ما نقلته تاس» alone is carrying, not speaking."""
        return [a for a in self.attributions if a.verb_class != "relay"]


@dataclass(frozen=True)
class Reading:
    """What one text says of voices, whoever published it."""

    quoted_words: int
    words: int
    attributions: tuple[Attribution, ...]
    blame: tuple[Blame, ...]


def reading(text: str, language: str, gazetteer: Gazetteer) -> Reading | None:
    """Read a text; None in a language without a lexicon."""
    if language not in LANGUAGES:
        return None
    said, blamed = read(text, language, gazetteer)
    return Reading(*quoted_words(text, language), tuple(said), tuple(blamed))


def voice_section(
    documents: Sequence[Document],
    blocs: Sequence[str],
    gazetteer: Gazetteer,
    column: str = "summary_ar",
    n_speakers: int = N_SPEAKERS,
    readings: Sequence[Reading | None] | None = None,
) -> dict[str, Any]:
    """Count, bloc by bloc, quoted words, speakers, and who blames whom: lower bounds, for rules leave out the unsure.

    Parameters
    ----------
    documents, blocs
        One of each, in the same order; independent documents, wire copies set aside.
    gazetteer
        Who can speak.
    column
        The text that is read: `summary_ar`, `summary_en` or `summary_orig`.
    n_speakers
        Largest number of speakers shown a bloc.
    readings
        Of the documents, in their order, where they are there already.

    Returns
    -------
    dict
        `blocs`: for each bloc, in alphabetical order, quoted and all words, attributions by class, the
        speakers (`speakers`), the blocs they belong to (`speaker_blocs`), who carries others' words
        (`carriers`), the blame matrix (`blame`, agent -> target) and its margins; `all`: the same over all documents.
        Shares over documents count a speaker once a document and have Wilson's 95 % interval; every row
        names the documents that it rests on.
    """
    if readings is None:
        readings = [reading(*text_of(d, column), gazetteer) for d in documents]
    heard = [
        Heard(d.doc_id, bloc, r.quoted_words, r.words, r.attributions, r.blame)
        for d, bloc, r in zip(documents, blocs, readings, strict=True)
        if r is not None
    ]
    read_ids = {h.doc_id for h in heard}
    return {
        "text": column,
        "method": "rules; a lower bound",
        "n_documents": len(heard),
        "left_out": sorted(d.doc_id for d in documents if d.doc_id not in read_ids),
        "all": _summary(heard, gazetteer, n_speakers),
        "blocs": {b: _summary([h for h in heard if h.bloc == b], gazetteer, n_speakers) for b in sorted(set(blocs))},
    }


def _summary(heard: Sequence[Heard], gazetteer: Gazetteer, n_speakers: int) -> dict[str, Any]:
    """Summarise the documents of one bloc."""
    speeches = [a for h in heard for a in h.speeches]
    n_quoted, n_words = sum(h.quoted_words for h in heard), sum(h.words for h in heard)
    classes: Counter[str] = Counter(a.verb_class for a in speeches)
    speakers = _rows(heard, lambda h: (a.actor_id for a in h.speeches if a.actor_id))
    return {
        "n_documents": len(heard),
        "n_words": n_words,
        "n_quoted_words": n_quoted,
        "share_quoted": n_quoted / n_words if n_words else None,
        "n_attributions": len(speeches),
        "n_inferred": sum(a.inferred for a in speeches),
        "n_with_quotation": sum(a.quoted for a in speeches),
        "n_speakers_not_listed": sum(a.actor_id is None for a in speeches),
        "classes": {c: classes[c] for c in VERB_CLASSES if classes[c]},
        "n_speakers": len(speakers),
        "speakers": [{**_actor(key, gazetteer), **row} for key, row in speakers[:n_speakers]],
        "speaker_blocs": [{"bloc": key, **row} for key, row in _rows(heard, lambda h: _blocs(h.speeches, gazetteer))],
        "carriers": [{**_actor(k, gazetteer), **r} for k, r in _rows(heard, _carriers)[:n_speakers]],
        "blame": [_pair(key, gazetteer) | row for key, row in _rows(heard, _pairs)],
        "blame_agents": [{**_actor(k, gazetteer), **r} for k, r in _rows(heard, _sides("agent"))],
        "blame_targets": [{**_actor(k, gazetteer), **r} for k, r in _rows(heard, _sides("target"))],
    }


def _rows(heard: Sequence[Heard], keys: Callable[[Heard], Iterable[Hashable]]) -> list[tuple[Any, dict[str, Any]]]:
    """Count keys over documents; the most documents first, then the most often, then by name."""
    times: Counter[Any] = Counter()
    documents: dict[Any, list[str]] = {}
    for h in heard:
        own = Counter(keys(h))
        times.update(own)
        for key in own:
            documents.setdefault(key, []).append(h.doc_id)
    rows = []
    for key, found in documents.items():
        low, high = wilson(len(found), len(heard))
        row = {"n": times[key], "share": times[key] / times.total(), "n_documents": len(found),
               "share_documents": len(found) / len(heard), "low": low, "high": high,
               "documents": sorted(found)}  # fmt: skip
        rows.append((key, row))
    return sorted(rows, key=lambda r: (-r[1]["n_documents"], -r[1]["n"], str(r[0])))


def _blocs(speeches: Iterable[Attribution], gazetteer: Gazetteer) -> list[str]:
    return [(gazetteer.bloc(a.actor_id) or NO_BLOC) if a.actor_id else NOT_LISTED for a in speeches]


def _carriers(heard: Heard) -> list[str]:
    """Return who hands on the words of others: the subject of «نقلت», and whoever stands beside a speaker."""
    via = [a.via for a in heard.attributions if a.via]
    return via + [a.actor_id for a in heard.attributions if a.verb_class == "relay" and a.actor_id]


def _pairs(heard: Heard) -> list[tuple[str, str, str]]:
    """Return (agent, target, class) of each act of blame; an empty string stands for who is not known."""
    return [(b.agent or "", b.target or "", b.verb_class) for b in heard.blame]


def _sides(side: str) -> Callable[[Heard], list[str]]:
    """Return a function that gives the agents, or the targets, of a document's acts of blame, each act once."""
    return lambda heard: [getattr(b, side) for b in heard.blame if getattr(b, side)]


def _pair(key: tuple[str, str, str], gazetteer: Gazetteer) -> dict[str, Any]:
    agent, target, verb_class = key
    out: dict[str, Any] = {}
    for side, actor_id in (("agent", agent), ("target", target)):
        actor = gazetteer.actors.get(actor_id)
        out |= {
            side: actor_id or None,
            f"{side}_name_en": actor.name_en if actor else None,
            f"{side}_name_ar": actor.name_ar if actor else None,
            f"{side}_bloc": gazetteer.bloc(actor_id) or None,
        }
    return {**out, "class": verb_class}


def _actor(actor_id: str, gazetteer: Gazetteer) -> dict[str, Any]:
    actor = gazetteer.actors[actor_id]
    return {
        "actor_id": actor_id,
        "name_en": actor.name_en,
        "name_ar": actor.name_ar,
        "kind": actor.kind,
        "actor_bloc": actor.bloc or None,
    }
