"""Filling missing Arabic and English texts by machine, with a memory that asks nothing twice. No run depends on it."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from crossframe.config import StudyConfig
from crossframe.corpus import raw_documents, refuse
from crossframe.engines import Limits, Translator, TryAgainError
from crossframe.errors import InputError
from crossframe.files import sha256_text
from crossframe.progress import track
from crossframe.text import sentences
from crossframe.translation_memory import Memory
from crossframe.translations import (
    SLOTS,
    Language,
    Translation,
    Translations,
    What,
    present,
    read_translations,
    source_of,
    write_translations,
)
from crossframe.types import Problem

TRIES = 5
FIRST_WAIT = 2.0  # seconds before the second try, doubled before each further one
LONGEST_WAIT = 120.0  # seconds; a service that asks for more is left alone until the next run


@dataclass(frozen=True)
class Job:
    """One text that is missing, and the text that it is to be translated from."""

    doc_id: str
    what: What
    source: str
    target: Language
    text: str


def target_languages(names: Sequence[str] | None) -> list[Language]:
    """Return the languages that are to be filled; both by default.

    Raises
    ------
    InputError
        If one is neither Arabic nor English.
    """
    known: dict[str, Language] = {"ar": "ar", "en": "en"}
    if wrong := [name for name in names or [] if name not in known]:
        raise InputError(f"texts are filled in Arabic and English, not in {wrong[0]!r}", "--to", "Use ar or en.")
    return [known[name] for name in names or known]


def missing(
    rows: Iterable[dict[str, object]], known: Translations, targets: Sequence[Language], titles: bool = True
) -> tuple[list[Job], list[Translation]]:
    """Return what is to be translated, and the known translations that still stand.

    Parameters
    ----------
    rows
        Of the raw table, with the fields of `Document`.
    known
        What the file of translations holds; those of changed texts or vanished documents do not stand.
    targets
        Languages wanted.
    titles
        Whether Arabic titles are wanted as well.
    """
    jobs, standing = [], []
    for values in rows:
        for (what, target), field in SLOTS.items():
            found = source_of(values, what)
            if present(values, field) is not None or found is None:
                continue
            text, source = found
            translation = known.get((str(values["doc_id"]), what, target))
            if translation is not None and translation.source_sha256 == sha256_text(text):
                standing.append(translation)
            elif target in targets and source != target and (what == "text" or titles):
                jobs.append(Job(str(values["doc_id"]), what, source, target, text))
    return jobs, standing


def plan(
    config: StudyConfig, targets: Sequence[Language], limits: Limits, memory: Memory
) -> dict[tuple[str, str], tuple[int, int, int]]:
    """Return for each pair of languages how many (texts, requests, characters) `fill` would send; send nothing.

    Pieces that the memory answers, and those that stand twice, are not counted as requests.
    """
    jobs, _standing = _work(config, targets)
    out: dict[tuple[str, str], tuple[int, int, int]] = {}
    seen: set[tuple[str, str, str]] = set()
    for job in jobs:
        pair = (job.source, job.target)
        new = {
            (*pair, part)
            for part in chunks(job.text, job.source, limits)
            if (*pair, part) not in seen and memory.get(limits.name, *pair, part) is None
        }
        seen |= new
        texts, requests, characters = out.get(pair, (0, 0, 0))
        out[pair] = texts + 1, requests + len(new), characters + sum(len(part) for *_pair, part in new)
    return out


def fill(
    config: StudyConfig,
    targets: Sequence[Language],
    translator: Translator,
    memory: Memory,
    wait: Callable[[float], None] = time.sleep,
) -> int:
    """Translate what is missing into the study's file of translations; return how many texts that were.

    Raises
    ------
    InputError
        If the tables cannot be read, or the service refuses or keeps failing; what it answered is kept.
    """
    jobs, standing = _work(config, targets)
    if jobs:
        write_translations(config.translations, [*standing, *translate(jobs, translator, memory, wait)])
    return len(jobs)


def _work(config: StudyConfig, targets: Sequence[Language]) -> tuple[list[Job], list[Translation]]:
    problems: list[Problem] = []
    rows = raw_documents(config, problems)
    known = read_translations(config.translations, problems)
    refuse(problems, config)
    return missing(rows, known, targets, titles=config.table is None)  # nothing prints a title of one table


def translate(
    jobs: Sequence[Job],
    translator: Translator,
    memory: Memory,
    wait: Callable[[float], None] = time.sleep,
) -> list[Translation]:
    """Translate texts, some sentences at a time, and remember every answer at once.

    Parameters
    ----------
    jobs
        See `missing`.
    translator
        See `crossframe.engines.Translator`.
    memory
        Answers that are in it are not asked for again, however this ends.
    wait
        Called with the seconds to wait before a further try.

    Raises
    ------
    InputError
        If the service refuses, or fails `TRIES` times in a row; what was answered is kept.
    """
    done: list[Translation] = []
    for job in track(jobs, f"translating with {translator.name}"):
        try:
            answers = [
                _answer(part, job, translator, memory, wait) for part in chunks(job.text, job.source, translator)
            ]
        except InputError as error:
            kept = (
                f"{len(done)} of {len(jobs)} texts are translated and remembered; the same command goes on from there"
            )
            raise InputError(error.what, f"{error.where}, document {job.doc_id}", f"{error.remedy} {kept}.") from error
        done.append(
            Translation(
                doc_id=job.doc_id,
                what=job.what,
                language=job.target,
                source_language=job.source,
                source_sha256=sha256_text(job.text),
                text=" ".join(text for text, _date in answers),
                engine=translator.name,
                date=max(date for _text, date in answers),
            )
        )
    return done


def chunks(text: str, language: str, limits: Limits) -> list[str]:
    """Group a text's sentences into pieces that the engine takes, as large as it takes them."""
    out: list[str] = []
    for sentence in sentences(text, language):
        if out and _fits(f"{out[-1]} {sentence}", limits):
            out[-1] += f" {sentence}"
        else:
            out += _pieces(sentence, limits)
    return out


def _fits(text: str, limits: Limits) -> bool:
    return len(text) <= limits.max_characters and len(text.encode()) <= limits.max_bytes


def _pieces(sentence: str, limits: Limits) -> list[str]:
    """Cut a sentence that is too long by itself: between words, or anywhere in a script without spaces."""
    pieces, rest = [], sentence
    while not _fits(rest, limits):
        end = next(n for n in range(limits.max_characters, 0, -1) if _fits(rest[:n], limits))
        end = rest.rfind(" ", 1, end) if " " in rest[1:end] else end
        pieces.append(rest[:end].strip())
        rest = rest[end:].strip()
    return [*pieces, rest]


def _answer(
    text: str, job: Job, translator: Translator, memory: Memory, wait: Callable[[float], None]
) -> tuple[str, str]:
    """Return (translation, date) of a piece, from the memory or from the service."""
    known = memory.get(translator.name, job.source, job.target, text)
    if known is not None:
        return known
    answer = _asked(text, job, translator, wait)
    date = datetime.now(UTC).date().isoformat()
    memory.put(translator.name, job.source, job.target, text, answer, date)
    return answer, date


def _asked(text: str, job: Job, translator: Translator, wait: Callable[[float], None]) -> str:
    where = f"engine {translator.name!r}"
    for attempt in range(1, TRIES + 1):
        try:
            return translator.translate(text, job.source, job.target)
        except TryAgainError as fault:
            last, seconds = fault.what, FIRST_WAIT * 2 ** (attempt - 1) if fault.wait is None else fault.wait
        if seconds > LONGEST_WAIT:
            raise InputError(f"{last}, and wants to be left alone for {seconds:.0f} s", where, "Go on after that.")
        if attempt < TRIES:
            wait(seconds)
    raise InputError(
        f"{TRIES} tries failed, the last one because {last}", where, "Check the network or choose another engine."
    )
