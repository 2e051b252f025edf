"""Checks of the texts themselves: language, length, orthography, sentence counts, near-duplicates."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Literal

from crossframe import orthography
from crossframe.codes import CODES, codes_problems
from crossframe.config import StudyConfig
from crossframe.corpus import CODEBOOK, DOCUMENTS, PARALLEL, checked_corpus, independent, text_of
from crossframe.frames import codebook_problems
from crossframe.ingest.duplicates import near_duplicates
from crossframe.memo import Memo
from crossframe.text import UNCERTAIN, identify, match_form, sentences
from crossframe.types import Corpus, Document, Problem

WORDS = (60, 140)  # of the Arabic summary
SENTENCES = (4, 7)
MANY_BLOCS = 20  # figures are made for a dozen
NEAR_DUPLICATE = 0.7  # Jaccard similarity of character shingles; wire copies retold apart stay below


def check_study(config: StudyConfig) -> tuple[Corpus | None, list[Problem]]:
    """Return the corpus, None where it cannot be made, and every problem of tables, texts, codebook and codes."""
    corpus, problems = checked_corpus(config)
    if corpus is not None:
        problems += check_texts(corpus) if config.table is None else check_own_texts(corpus, config)
        if config.table is not None and (config.raw / PARALLEL).is_file():
            known = _languages([text for rows in corpus.parallel.values() for text in rows])
            problems += _parallel(corpus, known)
    if (config.raw / CODEBOOK).is_file():
        problems += codebook_problems(config.raw / CODEBOOK)
    if corpus is not None and (config.raw / CODES).is_file():
        problems += codes_problems(config.raw, [d.doc_id for d in corpus.documents])
    return corpus, problems


def check_own_texts(corpus: Corpus, config: StudyConfig) -> list[Problem]:
    """Return what looks doubtful in a corpus of one table: warnings all, for the texts are what they are."""
    columns, file = config.data.columns, config.place.name

    def doubt(row: str, column: str, value: str, message: str) -> Problem:
        return Problem(file, row, column, value, message, "warning")

    out = []
    known = _languages([text_of(d, "summary_orig")[0] for d in corpus.documents])
    for d in corpus.documents:
        text, language = text_of(d, "summary_orig")
        found = known[text]
        if found not in {language, UNCERTAIN} and not _close(found, language):
            out.append(doubt(d.doc_id, columns.language, language, f"the text reads as {found}"))
    by_id = {d.doc_id: d for d in corpus.documents}
    texts = {d.doc_id: text_of(d, "summary_orig")[0] for d in corpus.documents}
    for a, b, similarity in Memo().run("duplicates", near_duplicates, texts, NEAR_DUPLICATE):
        if by_id[a].wire_group is None or by_id[a].wire_group != by_id[b].wire_group:
            message = f"{similarity:.0%} like {a}: if it is one story, give both the same {columns.wire_group}"
            out.append(doubt(b, columns.text, texts[b], message))
    for column, names in ((columns.source, list(corpus.outlets)), (columns.event, list(corpus.events))):
        forms = Counter(match_form(name) for name in names)
        alike = [name for name in names if forms[match_form(name)] > 1]
        out += [doubt("-", column, n, f"is spelt in several ways: {', '.join(alike)}") for n in alike[:1]]
    return out + [doubt("-", column, value, message) for column, value, message in _comparable(corpus, config)]


def _comparable(corpus: Corpus, config: StudyConfig) -> Iterator[tuple[str, str, str]]:
    """Say what the tests will not be able to compare, as (column, value, message)."""
    event_column, wanted = config.data.columns.event, config.contrasts
    documents, _aside = independent(corpus.documents)
    blocs: dict[str, Counter[str]] = {e: Counter() for e in corpus.events}
    for d in documents:
        blocs[d.event_id][corpus.bloc(d)] += 1
    for event, counts in blocs.items():
        if len(counts) == 1:
            yield event_column, event, f"only {next(iter(counts))!r} tells this event: there is nothing to compare"
    enough = {e: {b for b, n in counts.items() if n >= wanted.min_documents} for e, counts in blocs.items()}
    compared = sorted({b for counts in blocs.values() for b in counts})
    pairs = [
        (a, b) for a, b in combinations(compared, 2) if sum({a, b} <= e for e in enough.values()) >= wanted.min_events
    ]
    if not pairs:
        message = (
            f"no two blocs share {wanted.min_events} events with {wanted.min_documents} or more documents of each: "
            "no pair can be tested; group sources into blocs, or gather more texts"
        )
        yield config.data.columns.source, "", message
    if len(compared) > MANY_BLOCS:
        yield config.data.columns.source, "", f"{len(compared)} blocs are many for a figure; group sources into blocs"


def check_texts(corpus: Corpus) -> list[Problem]:
    """Return every problem of the documents' texts and of the parallel sentences.

    Wrong language, wrong length, unequal sentence counts, a claim that no sentence rests on, letters that
    are wrong in Arabic and near-duplicates across stories are errors; likely slips of spelling are warnings.
    """
    problems: list[Problem] = []
    texts = [text for d in corpus.documents for text, _language in _texts(d).values()]
    known = _languages([*texts, *(text for rows in corpus.parallel.values() for text in rows)])
    for document in corpus.documents:
        problems += _one(document, known)
    problems += _parallel(corpus, known)
    return problems + list(_copies(corpus))


def _languages(texts: Sequence[str]) -> dict[str, str]:
    """Return the language that each text reads as; texts that were looked at before are not looked at again."""
    distinct = list(dict.fromkeys(texts))
    return dict(zip(distinct, Memo().each("languages", identify, distinct), strict=True))


def _texts(d: Document) -> dict[str, tuple[str, str]]:
    """Return the texts that a document has, by column, each with its language."""
    texts = {"summary_ar": (d.summary_ar, "ar"), "summary_en": (d.summary_en, "en"), "title_ar": (d.title_ar, "ar"),
             "summary_orig": (d.summary_orig, d.language)}  # fmt: skip
    return {column: (text, language) for column, (text, language) in texts.items() if text is not None}


def _parallel(corpus: Corpus, known: Mapping[str, str]) -> Iterator[Problem]:
    """Sentences that read as another language than their column's, and doubles; swapped columns are one problem."""
    swapped = []
    for language, rows in corpus.parallel.items():
        found = [known[text] for text in rows]
        strange = {i: f for i, f in enumerate(found) if f not in {language, UNCERTAIN} and not _close(f, language)}
        most, n = Counter(strange.values()).most_common(1)[0] if strange else ("", 0)
        if n * 2 > len(rows):
            swapped.append(f"{language!r} reads as {most} in {n} of {len(rows)} rows")
        else:
            for i, name in strange.items():
                yield Problem(PARALLEL, str(i + 2), language, rows[i], f"reads as {name}", "warning")
        for text, times in Counter(rows).items():
            if times > 1:
                yield Problem(PARALLEL, "-", language, text, f"stands {times} times")
    if swapped:
        yield Problem(PARALLEL, "1", "-", "", f"{'; '.join(swapped)}: name the columns after their languages")


def _one(d: Document, known: Mapping[str, str]) -> Iterator[Problem]:
    for column, (text, language) in _texts(d).items():
        # a machine's translation is what it is: nobody can be asked to mend it
        level: Literal["error", "warning"] = "warning" if column in d.translated_by else "error"
        found = known[text]
        if column != "title_ar" and found not in {language, UNCERTAIN}:
            yield Problem(DOCUMENTS, d.doc_id, column, text, f"reads as {found}, declared {language}", level)
        if column != "title_ar":
            n = len(sentences(text, language))
            if n != len(d.sentence_claims):
                message = f"{n} sentences, but sentence_claims has {len(d.sentence_claims)}"
                yield Problem(DOCUMENTS, d.doc_id, column, text, message, level)
        if language == "ar":
            for what, where in orthography.faults(text):
                yield Problem(DOCUMENTS, d.doc_id, column, where, what, level)
            for what, where in orthography.slips(text):
                yield Problem(DOCUMENTS, d.doc_id, column, where, what, "warning")
    yield from _length(d)


def _length(d: Document) -> Iterator[Problem]:
    if "summary_ar" not in d.translated_by:
        words = len((d.summary_ar or "").split())
        if not WORDS[0] <= words <= WORDS[1]:
            yield Problem(DOCUMENTS, d.doc_id, "summary_ar", str(words), f"words; {WORDS[0]} to {WORDS[1]} are wanted")
    if not SENTENCES[0] <= len(d.sentence_claims) <= SENTENCES[1]:
        many = str(len(d.sentence_claims))
        yield Problem(
            DOCUMENTS, d.doc_id, "sentence_claims", many, f"sentences; {SENTENCES[0]} to {SENTENCES[1]} are wanted"
        )
    unused = set(range(1, len(d.claims) + 1)) - {n for numbers in d.sentence_claims for n in numbers}
    for number in sorted(unused):
        yield Problem(DOCUMENTS, d.doc_id, "sentence_claims", str(number), "no sentence rests on this claim", "warning")
    if any(not numbers for numbers in d.sentence_claims):
        yield Problem(DOCUMENTS, d.doc_id, "sentence_claims", "[]", "a sentence rests on no claim")


def _close(found: str, declared: str) -> bool:
    """Single sentences of neighbouring languages are often taken for each other."""
    return any(
        {found, declared} <= family for family in ({"ru", "uk", "bg", "be", "mk", "sr"}, {"fa", "ar", "ur", "ps"})
    )


def _copies(corpus: Corpus) -> Iterator[Problem]:
    """Near-duplicate summaries that do not share a wire group."""
    by_id = {d.doc_id: d for d in corpus.documents}
    texts = {d.doc_id: d.summary_ar or "" for d in corpus.documents}
    for a, b, similarity in Memo().run("duplicates", near_duplicates, texts, NEAR_DUPLICATE):
        if by_id[a].wire_group is None or by_id[a].wire_group != by_id[b].wire_group:
            message = f"{similarity:.0%} of its shingles are those of {a}, and they share no wire_group"
            yield Problem(DOCUMENTS, b, "summary_ar", texts[b], message)
