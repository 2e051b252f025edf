"""The corpus that ships: schema, balance, texts, traceability, and what its documentation says of it."""

import re
from collections import Counter

import pytest

from conftest import ROOT
from crossframe.checks import check_texts
from crossframe.config import load_config
from crossframe.corpus import check_relations, check_tables
from crossframe.frames import load_axes, load_codebook
from crossframe.space import retrieval_accuracy
from crossframe.study import Study
from crossframe.text import sentences

CONFIG = load_config(ROOT)


@pytest.fixture(scope="module")
def study() -> Study:
    return Study.load(CONFIG)


def test_the_shipped_corpus_has_no_error() -> None:
    corpus, problems = check_tables(CONFIG.raw)
    assert corpus is not None
    problems += check_relations(corpus, [b.id for b in CONFIG.blocs]) + check_texts(corpus)
    assert [str(p) for p in problems if p.level == "error"] == []


def test_it_is_as_large_and_as_balanced_as_promised(study: Study) -> None:
    corpus = study.corpus
    families = {corpus.events[d.event_id].event_family for d in corpus.documents}
    blocs = {corpus.bloc(d) for d in corpus.documents} - {"other"}
    cells = Counter((d.event_id, corpus.bloc(d)) for d in corpus.documents)
    full = [e for e in corpus.events if sum(cells[e, b] >= 2 for b in blocs) >= 4]
    assert len(corpus.documents) >= 190 and len(families) == 10 and len(blocs) >= 10
    assert len(full) >= 8


def test_every_event_has_documents_and_every_outlet_is_used(study: Study) -> None:
    corpus = study.corpus
    assert {d.event_id for d in corpus.documents} == set(corpus.events)
    used = {d.outlet_id for d in corpus.documents} | {o for d in corpus.documents for o in d.relay_of}
    assert used == set(corpus.outlets)


def test_every_document_says_that_a_program_wrote_it(study: Study) -> None:
    assert all(d.written_by.startswith("program") and "no human editor" in d.written_by for d in study.corpus.documents)


def test_quotation_marks_stand_in_both_languages_or_in_neither(study: Study) -> None:
    wrong = []
    for d in study.corpus.documents:
        pairs = zip(sentences(d.summary_ar, "ar"), sentences(d.summary_en, "en"), strict=True)
        wrong += [d.doc_id for ar, en in pairs if ("“" in ar) != ("“" in en)]
    assert wrong == []


def test_what_is_quoted_stands_in_quotation_marks_in_the_claims(study: Study) -> None:
    """A quotation in a summary needs quotation marks in the record: in a claim or in the title."""
    wrong = [
        d.doc_id
        for d in study.corpus.documents
        if "“" in d.summary_en and not re.search(r"['‘“\"]\w", " ".join((d.title, *d.claims)))
    ]
    assert wrong == []


def test_no_summary_talks_about_the_article(study: Study) -> None:
    pattern = re.compile(r"\b(excerpt|headline|stand-first|this article|the article says|the page|frames? it)\b", re.I)
    assert [d.doc_id for d in study.corpus.documents if pattern.search(d.summary_en)] == []


def test_parallel_sentences_are_many_distinct_and_off_the_topic(study: Study) -> None:
    parallel = study.corpus.parallel
    languages = {d.language for d in study.corpus.documents} | {"ar", "en"}
    assert languages <= set(parallel)
    assert all(len(rows) >= 120 and len(set(rows)) == len(rows) for rows in parallel.values())
    topic = re.compile(r"Russia|Korea|Ukrain|Putin|Kim|sanction|weapon|war\b|treaty|president|troops|missile", re.I)
    assert [s for s in parallel["en"] if topic.search(s)] == []


def test_the_datasheet_shows_the_table_of_the_data(study: Study) -> None:
    corpus = study.corpus
    cells = Counter((d.event_id, corpus.bloc(d)) for d in corpus.documents)
    text = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    blocs = [b.id for b in CONFIG.blocs]
    for event in corpus.events.values():
        row = " | ".join(str(cells[event.event_id, b] or "·") for b in blocs)
        total = sum(cells[event.event_id, b] for b in blocs)
        assert f"| {event.event_id} {event.title_en} | {row} | {total} |" in text
    assert f"{len(corpus.documents)} documents of " in text


def test_frictionless_accepts_the_data_package() -> None:
    from frictionless import validate

    report = validate(str(ROOT / "data" / "raw" / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])


def test_the_codebook_has_anchors_in_every_language(study: Study) -> None:
    frames = load_codebook(CONFIG.raw / "codebook.toml")
    assert len(frames) >= 8
    for frame in frames:
        assert set(study.corpus.parallel) <= set(frame.anchors)
        assert all(len(a) >= 3 and len(set(a)) == len(a) for a in frame.anchors.values())
        assert frame.definition and frame.include and frame.exclude and frame.source


def test_the_axes_of_the_codebook_have_both_poles_in_every_language(study: Study) -> None:
    path = CONFIG.raw / "codebook.toml"
    frames = {frame.id: frame for frame in load_codebook(path)}
    axes = load_axes(path, list(frames.values()))
    assert len(axes) == 5 and all(axis.name_ar for axis in axes)
    for axis in axes:
        assert set(study.corpus.parallel) <= set(frames[axis.a].anchors) & set(frames[axis.b].anchors)
        assert frames[axis.a].name_ar and frames[axis.b].name_ar


def test_every_arabic_summary_retrieves_its_own_english_among_all(study: Study) -> None:
    from crossframe.encoders import load_encoder
    from crossframe.study import Vectors

    vectors = Vectors(study, [load_encoder(name) for name in CONFIG.encoder.models])
    rows = {c: vectors.space(c).language_free for c in ("summary_ar", "summary_en")}
    assert retrieval_accuracy(rows["summary_ar"], rows["summary_en"]) >= 0.97
