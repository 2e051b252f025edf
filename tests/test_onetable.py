"""A corpus from one table: text, event, source; what may be left out, what is refused, and what is said of it."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

import crossframe.pipeline
from conftest import ARABIC, ENGLISH, ROOT, HashEncoder
from crossframe.checks import check_study
from crossframe.colours import hex_colour, palette
from crossframe.config import load_config
from crossframe.corpus import load_corpus, segments
from crossframe.errors import InputError
from crossframe.memo import Memo
from crossframe.onetable import PACKAGED_PARALLEL
from crossframe.pipeline import Outcome, run
from crossframe.publish import publish
from crossframe.types import Problem
from pdfs import pages_of

Row = dict[str, object]
SETTINGS = """
[encoder]
models = ["hash"]
[map]
n_neighbors = 5
[contrasts]
n_permutations = 199
[robust]
n_placebo = 20
placebo_permutations = 99
"""
SOURCES = {"Harbour Post": "en", "صحيفة الضفة": "ar", "한국 방송": "ar", "Town Radio": "en"}


def text(number: int, language: str, own: str) -> str:
    generator = np.random.default_rng(number)
    words = ARABIC if language == "ar" else ENGLISH
    parts = [" ".join(words[i % len(words)] for i in generator.permutation(50)[:9]) for _ in range(3)]
    return " ".join(f"وقالت {own} إن {p}." if language == "ar" else f"The {own} said that the {p}." for p in parts)


def articles() -> list[Row]:
    """Three events, four sources, two texts of each."""
    rows: list[Row] = []
    for event in ("Bridge 2031", "عبارة", "Toll"):
        for source, language in SOURCES.items():
            for _ in range(2):
                own = {"en": source.split()[0].lower(), "ar": "صداقة" if "ص" in source else "صفقة"}[language]
                rows.append({"text": text(len(rows), language, own), "event": event, "source": source})
    return rows


def as_csv(rows: Sequence[Row], delimiter: str = ",") -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(dict.fromkeys(k for r in rows for k in r)), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def study_of(root: Path, rows: Sequence[Row], more: str = "", data: str = "", name: str = "articles.csv") -> Path:
    """Write a study of one table and return its folder."""
    folder = root / "data" / "raw"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    if path.suffix == ".parquet":
        import pyarrow as pa
        from pyarrow import parquet

        parquet.write_table(pa.Table.from_pylist(list(rows)), path)
    elif path.suffix == ".xlsx":
        import openpyxl

        book = openpyxl.Workbook()
        book.active.append(list(rows[0]))
        for row in rows:
            book.active.append(list(row.values()))
        book.save(path)
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    else:
        path.write_text(
            as_csv(rows, ";" if "semicolons" in name else "\t" if path.suffix == ".tsv" else ","), encoding="utf-8"
        )
    (root / "study.toml").write_text(
        f'[study]\nid = "own"\ntitle_en = "Own"\ntitle_ar = "خاصة"\n[data]\ntable = "data/raw/{name}"\n{data}\n'
        f"{SETTINGS}\n{more}",
        encoding="utf-8",
    )
    return root


def problems(study: Path) -> list[Problem]:
    return check_study(load_config(study))[1]


def errors(study: Path) -> list[Problem]:
    return [p for p in problems(study) if p.level == "error"]


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch, cache: Path) -> HashEncoder:
    used = HashEncoder()
    monkeypatch.setattr(crossframe.pipeline, "load_encoder", lambda name, precision: used)
    return used


def outcome_of(study: Path) -> Outcome:
    return run(load_config(study), Memo(enabled=False))


def pdf_text(outcome: Outcome, study: Path) -> str:
    pages = pages_of(publish(outcome, study / "reports", Memo(enabled=False))[0].read_bytes())
    return " ".join(" ".join(page.split()) for page in pages)


def test_the_packaged_neutral_sentences_are_those_of_the_study() -> None:
    assert PACKAGED_PARALLEL.read_bytes() == (ROOT / "data" / "raw" / "parallel.csv").read_bytes()


@pytest.mark.parametrize("name", ["a.csv", "a.CSV", "a.tsv", "a.jsonl", "a.parquet", "a.xlsx", "semicolons.csv"])
def test_every_kind_of_table_gives_the_same_corpus(tmp_path: Path, name: str) -> None:
    corpus = load_corpus(load_config(study_of(tmp_path, articles(), name=name)))
    assert len(corpus.documents) == 24 and set(corpus.outlets) == set(SOURCES)
    assert {d.outlet_id: d.language for d in corpus.documents} == SOURCES
    assert {e.title_en for e in corpus.events.values()} == {"Bridge 2031", "عبارة", "Toll"}
    assert corpus.documents == load_corpus(load_config(study_of(tmp_path / "b", articles()[::-1]))).documents


def test_columns_of_other_names_are_mapped(tmp_path: Path) -> None:
    names = {"text": "body", "event": "story", "source": "site"}
    rows = [{names[k]: v for k, v in row.items()} | {"id": f"n{i}"} for i, row in enumerate(articles())]
    mapping = '[data.columns]\ntext = "body"\nevent = "story"\nsource = "site"\ndoc_id = "id"\n'
    study = study_of(tmp_path, rows, data=mapping)
    assert load_corpus(load_config(study)).documents[0].doc_id == "n0"
    rows[3]["body"] = ""
    (found,) = errors(study_of(tmp_path, rows, data=mapping))
    assert (found.file, found.row, found.column) == ("articles.csv", "5", "body")


def test_a_column_that_is_missing_is_named_with_those_that_are_there(tmp_path: Path) -> None:
    rows = [{"body": r["text"], "event": r["event"]} for r in articles()]
    found = {p.column: p.message for p in errors(study_of(tmp_path, rows))}
    assert set(found) == {"text", "source"}
    assert 'the table has: body, event. Name another: text = "…" in [data.columns]' in found["text"]


def test_a_column_that_is_mapped_and_missing_is_named(tmp_path: Path) -> None:
    (found,) = errors(study_of(tmp_path, articles(), data='[data.columns]\ndate = "day"\n'))
    assert found.column == "day" and "the column is missing" in found.message


def test_a_column_that_is_not_read_is_a_warning(tmp_path: Path) -> None:
    rows = [{**r, "langauge": "en", "related": "[]"} for r in articles()]
    (found,) = [p for p in problems(study_of(tmp_path, rows)) if "is not read" in p.message]
    assert (found.column, found.level) == ("langauge", "warning")


@pytest.mark.parametrize(
    ("changes", "column", "message"),
    [
        ({"text": "  "}, "text", "the cell is empty"),
        ({"event": ""}, "event", "the cell is empty"),
        ({"source": ""}, "source", "the cell is empty"),
        ({"text": "… — !"}, "text", "holds no word"),
        ({"text": "Ok."}, "language", "cannot be told from the text"),
        ({"language": "klingon"}, "language", "is not a code such as ar, en or ru"),
        ({"language": "fr"}, "fr", "there are no neutral sentences in this language"),
        ({"date": "18.06.2031"}, "date", "is not an ISO date"),
        ({"url": "no address"}, "url", "valid URL"),
        ({"source": "x" * 201}, "source", "is not one line of 1 to 200 characters"),
        ({"text_en": "Another text."}, "text_en", "the text itself is in 'en'"),
    ],
)
def test_a_cell_that_cannot_be_used_is_named(tmp_path: Path, changes: Row, column: str, message: str) -> None:
    rows = [{**r, "language": "", "date": "", "url": "", "text_en": ""} for r in articles()]
    rows[0] |= changes
    found = errors(study_of(tmp_path, rows))
    assert [(p.column, message in p.message) for p in found] == [(column, True)], [str(p) for p in found]


@pytest.mark.parametrize("value", [["a"], {"a": 1}, 1.5, True])
def test_a_value_that_is_no_text_is_named(tmp_path: Path, value: object) -> None:
    rows = articles()
    rows[0]["text"] = value
    assert "is not a text but of the type" in errors(study_of(tmp_path, rows, name="a.jsonl"))[0].message


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.xls", b"PK", "cannot be read; save the table as one of .csv, .tsv, .jsonl, .parquet, .xlsx"),
        ("a.xlsx", b"PK", "is no readable Office file"),
        ("a.parquet", b"no parquet", "is not readable"),
        ("a.csv", b"", "the file is empty"),
        ("a.csv", b"text,event,source\n", "the table has no rows"),
        ("a.csv", b"text,text,event,source\na,b,c,d\n", "the column 'text' stands twice; rename one of them"),
        ("a.csv", b"text,event,source\na,b\n", "the row has 2 cells, the header 3"),
        ("a.csv", "نص".encode("windows-1256"), "is not UTF-8"),
        ("a.jsonl", b"{broken\n", "is not JSON"),
        ("a.jsonl", b"[1]\n", "is not a JSON object"),
        ("a.jsonl", None, "the file is missing"),
        ("a.parquet", None, "the file is missing"),
    ],
)
def test_a_table_that_cannot_be_read_is_named(tmp_path: Path, name: str, data: bytes | None, message: str) -> None:
    study = study_of(tmp_path, [], name="a.csv")
    (study / "study.toml").write_text((study / "study.toml").read_text().replace("raw/a.csv", f"raw/{name}"))
    (study / "data" / "raw" / "a.csv").unlink()
    if data is not None:
        (study / "data" / "raw" / name).write_bytes(data)
    assert message in "\n".join(str(p) for p in errors(study))
    with pytest.raises(InputError, match=name):
        load_corpus(load_config(study))


def test_the_same_text_of_the_same_source_twice_is_refused(tmp_path: Path) -> None:
    rows = articles()
    rows[5] = dict(rows[4])
    (found,) = errors(study_of(tmp_path, rows))
    assert found.row == "7" and "the same text stands in row 6 already" in found.message
    rows = [{**r, "doc_id": f"d{i % 20}"} for i, r in enumerate(articles())]
    assert "is used in row 2 already" in errors(study_of(tmp_path, rows))[0].message


def test_a_byte_order_mark_and_unseen_marks_in_names_do_not_matter(tmp_path: Path) -> None:
    rows = articles()
    rows[2]["source"] = "\u200fصحيفة  الضفة\u200f"
    rows[3]["event"] = "Bridge\u00a02031 "
    study = study_of(tmp_path, rows)
    path = study / "data" / "raw" / "articles.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    corpus = load_corpus(load_config(study))
    assert set(corpus.outlets) == set(SOURCES) and set(corpus.events) == {"Bridge 2031", "عبارة", "Toll"}


@pytest.mark.parametrize(("given", "code"), [("arb", "ar"), ("en-GB", "en"), ("EN", "en"), ("zh_TW", "zh")])
def test_languages_may_be_named_in_the_usual_ways(tmp_path: Path, given: str, code: str) -> None:
    rows = [{**r, "language": ""} for r in articles()]
    rows[0]["language"] = given
    corpus = load_corpus(load_config(study_of(tmp_path, rows)))
    assert code in {d.language for d in corpus.documents if d.outlet_id == "Harbour Post"}


def test_texts_are_split_into_sentences_in_their_own_language(tmp_path: Path) -> None:
    corpus = load_corpus(load_config(study_of(tmp_path, articles())))
    parts = segments(corpus.documents, "summary_orig")
    assert len(parts) == 24 * 3 and {s.language for s in parts} == {"ar", "en"}


# blocs


def bloc_of(study: Path) -> dict[str, str]:
    return {o.outlet_id: o.bloc for o in load_corpus(load_config(study)).outlets.values()}


LISTED = """
[[blocs]]
id = "press"
name_en = "Press"
sources = ["Harbour Post", "صحيفة الضفة"]
[[blocs]]
id = "air"
name_en = "On the air"
colour = "#000000"
sources = ["한국 방송", "Town Radio"]
"""


def test_without_a_word_about_blocs_every_source_is_its_own(tmp_path: Path) -> None:
    assert bloc_of(study_of(tmp_path, articles())) == {s: s for s in SOURCES}


def test_blocs_come_from_the_table_or_from_lists_of_sources(tmp_path: Path) -> None:
    wanted = {"Harbour Post": "press", "صحيفة الضفة": "press", "한국 방송": "air", "Town Radio": "air"}
    assert bloc_of(study_of(tmp_path / "a", articles(), LISTED)) == wanted
    rows = [{**r, "bloc": wanted[str(r["source"])]} for r in articles()]
    assert bloc_of(study_of(tmp_path / "b", rows)) == wanted
    named = LISTED.replace("sources", "#")
    assert bloc_of(study_of(tmp_path / "c", rows, named)) == wanted


@pytest.mark.parametrize(
    ("change", "settings", "message"),
    [
        (lambda r: {**r, "bloc": "x"}, LISTED, "keep one of the two"),
        (lambda r: r, LISTED.replace("sources", "#"), r"add sources = \[...\] to each"),
        (lambda r: r, LISTED.replace('"Harbour Post", ', ""), "'Harbour Post' is in no \\[\\[blocs\\]\\]"),
        (lambda r: {**r, "bloc": "sea"}, LISTED.replace("sources", "#"), r"is not among \[\[blocs\]\].*: press, air"),
        (lambda r: {**r, "bloc": r["event"]}, "", "is in 'Bridge 2031' in row 2"),
        (lambda r: {**r, "bloc": "x" if r["source"] == "Town Radio" else ""}, "", "the cell is empty"),
    ],
)
def test_blocs_that_do_not_add_up_are_named(
    tmp_path: Path, change: Callable[[Row], Row], settings: str, message: str
) -> None:
    study = study_of(tmp_path, [change(r) for r in articles()], settings)
    with pytest.raises(InputError, match=message):
        load_corpus(load_config(study))


def test_a_listed_source_without_a_document_is_a_warning(tmp_path: Path) -> None:
    study = study_of(tmp_path, articles(), LISTED.replace('"Harbour Post"', '"Harbour Post", "Harbor Post"'))
    (found,) = [p for p in problems(study) if "no row has it" in p.message]
    assert (found.value, found.level) == ("Harbor Post", "warning")


def test_colours_of_blocs_are_many_and_distinct() -> None:
    colours = palette(60)
    assert len(set(colours)) == 60 and [hex_colour(c) for c in colours] == colours


# events, doubts


def test_events_csv_gives_titles_dates_and_the_order(tmp_path: Path) -> None:
    rows = [{**r, "date": "2031-05-04T09:30:00Z"} for r in articles()]
    study = study_of(tmp_path, rows)
    table = "event_id,title_en,title_ar,date_start\nToll,A toll is set,رسم,2031-05-01\nGhost,No,لا,\n"
    (study / "data" / "raw" / "events.csv").write_text(table, encoding="utf-8")
    events = list(load_corpus(load_config(study)).events.values())
    assert [e.event_id for e in events] == ["Toll", "Bridge 2031", "عبارة"]
    assert (events[0].title_en, events[0].title_ar) == ("A toll is set", "رسم")
    assert (events[0].date_start, events[1].date_start) == ("2031-05-01", "2031-05-04")
    assert any(p.value == "Ghost" and p.level == "warning" for p in problems(study))


def test_doubts_are_warnings(tmp_path: Path) -> None:
    rows = [{**r, "language": ""} for r in articles()]
    rows[0]["language"] = "ar"
    rows[8]["text"] = str(rows[9]["text"]) + " More."
    rows[10]["source"] = "한국  방송"
    rows.append({"text": text(99, "en", "post"), "event": "Alone", "source": "harbour post", "language": ""})
    study = study_of(tmp_path, rows)
    found = problems(study)
    assert {p.level for p in found} == {"warning"}
    said = " | ".join(p.message for p in found)
    for message in ("the text reads as en", "give both the same wire_group", "only 'harbour post' tells this event",
                    "is spelt in several ways: Harbour Post, harbour post"):  # fmt: skip
        assert message in said
    assert "no pair can be tested" not in said
    few = study_of(tmp_path / "few", articles()[::2])
    assert any("no pair can be tested" in p.message for p in problems(few))


# the whole way


def test_a_table_of_texts_in_two_languages_runs_to_the_report(tmp_path: Path, encoder: HashEncoder) -> None:
    study = study_of(tmp_path, articles())
    outcome = outcome_of(study)
    results = outcome.results
    assert results["study"]["kind"] == "one table" and results["study"]["text"] == "text"
    assert [b["id"] for b in results["study"]["blocs"]] == sorted(SOURCES)
    assert {c["family"] for c in results["contrasts"]} == {"exploratory"} and len(results["contrasts"]) == 6
    assert results["terms"] == {} and results["space"]["retrieval"] == {"ar_to_en": None, "ar_to_original": None}
    (skipped,) = results["skipped"]
    assert skipped["part"] == "terms" and "12 of 24 documents have no Arabic text" in skipped["reason"]
    assert {row["text"] for row in results["robust"]["specifications"]["rows"]} == {"text"}
    assert set(outcome.manifest["inputs"]) == {"articles.csv"}
    text_of_report = pdf_text(outcome, study)
    assert "12 of 24 documents have no Arabic text" in text_of_report
    assert "every comparison of two blocs is exploratory" in text_of_report
    for foreign in ("ummaries", "make study", "CC BY", "Moscow", "written by a program", "named before looking, 0"):
        assert foreign not in text_of_report.split("References")[0], foreign
    assert not (study / "reports" / "figures" / "09-terms.svg").exists()


def test_a_table_in_arabic_has_terms(tmp_path: Path, encoder: HashEncoder) -> None:
    rows = [{**r, "text": text(i, "ar", f"{'صداقة' if i % 8 < 4 else 'صفقة'}")} for i, r in enumerate(articles())]
    outcome = outcome_of(study_of(tmp_path, rows))
    assert outcome.results["skipped"] == [] and outcome.results["terms"]["Harbour Post"][0]["term"] == "صداقة"
    assert outcome.results["space"]["retrieval"]["ar_to_en"] is None


def test_a_primary_pair_may_name_sources(tmp_path: Path, encoder: HashEncoder) -> None:
    pair = '[contrasts]\nprimary = [["Town Radio", "صحيفة الضفة"]]\n'
    study = study_of(tmp_path, articles())
    path = study / "study.toml"
    good = path.read_text(encoding="utf-8").replace("[contrasts]\n", pair)
    path.write_text(good, encoding="utf-8")
    outcome = outcome_of(study)
    assert outcome.results["contrasts"][0]["family"] == "primary"
    assert "Of 1 pairs of blocs named before looking" in pdf_text(outcome, study)
    path.write_text(good.replace('["Town Radio"', '["Tower Radio"'), encoding="utf-8")
    with pytest.raises(InputError, match="names the bloc 'Tower Radio', which is none of: Harbour Post"):
        outcome_of(study)


def test_a_language_without_neutral_sentences_runs_where_no_mean_is_taken_out(
    tmp_path: Path, encoder: HashEncoder
) -> None:
    rows = [{**r, "language": "fr" if SOURCES[str(r["source"])] == "en" else "ar"} for r in articles()]
    study = study_of(tmp_path, rows, "[space]\nremove_language_means = false\n")
    grid = outcome_of(study).results["robust"]["specifications"]["rows"]
    assert {row["language"] for row in grid} == {"kept"}


def test_neutral_sentences_of_ones_own_take_the_place_of_the_packaged_ones(tmp_path: Path) -> None:
    rows = [{**r, "language": "fr" if SOURCES[str(r["source"])] == "en" else "ar"} for r in articles()]
    study = study_of(tmp_path, rows)
    header, *lines = PACKAGED_PARALLEL.read_text(encoding="utf-8").splitlines()
    table = "\n".join([header + ",fr", *(f"{line},Phrase {i}." for i, line in enumerate(lines))])
    (study / "data" / "raw" / "parallel.csv").write_text(table, encoding="utf-8")
    assert set(load_corpus(load_config(study)).parallel) == {"ar", "en", "fr"}


def test_a_text_that_some_documents_lack_cannot_be_compared(tmp_path: Path, encoder: HashEncoder) -> None:
    study = study_of(tmp_path, articles(), data='text = "text_ar"\n')
    with pytest.raises(InputError, match=r"has no text in the language 'ar'.*crossframe translate"):
        outcome_of(study)


def test_given_translations_make_texts_comparable_and_stay_marked(tmp_path: Path, encoder: HashEncoder) -> None:
    rows = [
        {**r, "text_ar": text(i, "ar", "صداقة") if SOURCES[str(r["source"])] == "en" else "",
         "translated_by": "DeepL, 2031-05-05" if SOURCES[str(r["source"])] == "en" else ""}
        for i, r in enumerate(articles())
    ]  # fmt: skip
    outcome = outcome_of(study_of(tmp_path, rows, data='text = "text_ar"\n'))
    counted = {"n_texts": 12, "n_compared": 12, "n_arabic": 12, "by": {"DeepL, 2031-05-05": 12}}
    assert outcome.results["corpus"]["machine_translated"] == counted
    assert outcome.results["skipped"] == [] and outcome.results["study"]["text"] == "text_ar"


def test_missing_texts_of_a_table_are_filled_by_translate(tmp_path: Path, encoder: HashEncoder) -> None:
    from crossframe.engines import DeepTranslator
    from crossframe.translate import fill
    from crossframe.translation_memory import Memory
    from translation_server import running

    study = study_of(tmp_path, articles())
    memory = Memory(tmp_path / "m.sqlite")
    with running() as service:
        assert fill(load_config(study), ["ar", "en"], DeepTranslator("libre", service.url), memory) == 24
    memory.close()
    results = outcome_of(study).results
    assert results["corpus"]["machine_translated"] | {"by": 0} == {
        "n_texts": 24,
        "n_compared": 0,
        "n_arabic": 12,
        "by": 0,
    }
    assert results["skipped"] == [] and results["space"]["retrieval"]["ar_to_en"]["n"] == 24


def test_what_ingest_writes_is_such_a_table(tmp_path: Path) -> None:
    rows = [
        {"doc_id": f"d{i}", "title": "T", "relay_of": ["Reuters"] if i == 0 else None, "language": "", "date": None,
         "attribution": {"source": r["source"], "confidence": 0.9, "span": [0, 4]}, "url": "", "related": [], **r}
        for i, r in enumerate(articles())
    ]  # fmt: skip
    study = study_of(tmp_path, rows, name="documents.jsonl")
    assert problems(study) == []
    assert load_corpus(load_config(study)).documents[0].relay_of == ("Reuters",)
    rows[3] |= {"source": None, "event": ""}
    found = errors(study_of(tmp_path, rows, name="documents.jsonl"))
    assert [(p.row, p.column) for p in found] == [("4", "event"), ("4", "source")]


def test_a_codebook_beside_the_table_is_used(tmp_path: Path, encoder: HashEncoder) -> None:
    study = study_of(tmp_path, articles())
    book = '[[frames]]\nid = "x"\nname = "X"\ndefinition = "D"\nanchors.en = ["The harbour opens."]\n'
    (study / "data" / "raw" / "codebook.toml").write_text(book, encoding="utf-8")
    outcome = outcome_of(study)
    evidence = {e["bloc"]: e for e in outcome.results["frames"]["evidence"]}
    assert evidence["Town Radio"]["text"].startswith("The town said") and evidence["Town Radio"]["text_ar"] == ""
    assert "Not validated" in pdf_text(outcome, study)


# study.toml


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('table = "data/raw/articles.csv"', "", r"there are no \[\[blocs\]\]"),
        (
            "[encoder]",
            '[data.columns]\ntxt = "body"\n[encoder]',
            "unknown key 'data.columns.txt' \\(did you mean 'text'",
        ),
        ("[encoder]", 'text = "body"\n[encoder]', "key 'data.text': is not text, text_ar or text_en"),
        ('models = ["hash"]', "models = []", "key 'encoder.models': is empty; name one or more"),
        ('models = ["hash"]', 'models = ["a", "b", "a"]', "key 'encoder.models': names 'a' twice"),
        ("[robust]", "[robust]\ntexts = []", "key 'robust.texts': is empty; name one or more"),
        ("[robust]", '[robust]\ntexts = ["text", "text"]', "key 'robust.texts': names 'summary_orig' twice"),
        (
            "[robust]",
            '[[blocs]]\nid = "a"\nname_en = "A"\nsourcs = []\n[robust]',
            "'blocs.0.sourcs' \\(did you mean 'sour",
        ),
        (
            "[robust]",
            LISTED.replace("한국 방송", "Harbour Post") + "[robust]",
            "sources stand in two blocs: Harbour Post",
        ),
    ],
)
def test_a_wrong_study_file_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    study = study_of(tmp_path, articles())
    path = study / "study.toml"
    before = path.read_text(encoding="utf-8")
    assert old in before
    path.write_text(before.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        load_config(study)


def test_a_study_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = study_of(tmp_path, articles()) / "study.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_config(tmp_path).study.title_ar == "خاصة"


def test_lists_of_sources_are_refused_beside_four_tables(small_study: Path) -> None:
    path = small_study / "study.toml"
    path.write_text(path.read_text() + 'sources = ["x"]\n')
    with pytest.raises(InputError, match="which is for a corpus of one table"):
        load_config(small_study)
