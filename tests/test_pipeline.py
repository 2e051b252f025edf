"""The whole way, on a small study: the same numbers twice, nothing computed twice, files whole or absent."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import crossframe.pipeline
from conftest import HashEncoder, document, write_study
from crossframe.config import load_config
from crossframe.corpus import document_rows
from crossframe.errors import InputError
from crossframe.files import sha256_text
from crossframe.gallery import plates
from crossframe.memo import Memo, fingerprint
from crossframe.pipeline import Outcome, rounded, run
from crossframe.publish import draw, publish
from crossframe.translations import Translation, write_translations
from pdfs import pages_of

SETTINGS = """
[encoder]
models = ["hash"]
[map]
n_neighbors = 5
[contrasts]
n_permutations = 199
primary = [["east", "west"]]
[robust]
n_placebo = 20
placebo_permutations = 99
"""

FIGURES = [
    "01-map-by-event", "02-map-by-bloc", "03-events", "04-distances", "05-contrasts", "06-specifications", "07-power",
    "08-clusters", "09-terms",
]  # fmt: skip


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> HashEncoder:
    used = HashEncoder()
    monkeypatch.setattr(crossframe.pipeline, "load_encoder", lambda name, precision: used)
    return used


@pytest.fixture
def study(tmp_path: Path, cache: Path, small_documents: list[dict[str, object]]) -> Path:
    return write_study(tmp_path / "study", small_documents, SETTINGS)


def outcome_of(study: Path, memo: Memo | None = None) -> Outcome:
    return run(load_config(study), memo or Memo(enabled=False))


def test_every_file_that_a_reader_opens_is_written(study: Path, encoder: HashEncoder) -> None:
    memo = Memo()
    pdf = publish(outcome_of(study, memo), study / "reports", memo)[0]
    reports = study / "reports"
    assert pdf.read_bytes().startswith(b"%PDF")
    names = {f"{name}{end}" for name in FIGURES for end in (".svg", ".png", ".ar.svg", ".ar.png", ".csv")}
    assert {p.name for p in (reports / "figures").iterdir()} == names
    assert (reports / "tables" / "contrasts.csv").is_file()
    assert (reports / "explorer.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    manifest = json.loads((reports / "manifest.json").read_text())
    assert set(manifest["inputs"]) == {"events.csv", "outlets.csv", "documents.jsonl", "parallel.csv"}
    assert {"embedding", "map of how", "contrasts", "figures", "report"} <= set(manifest["stages_seconds"])
    assert (study / "data" / "processed" / "vectors.npz").is_file()
    assert [p.name for p in study.rglob(".*") if p.is_file()] == []


def test_only_the_languages_of_the_report_are_drawn(study: Path, encoder: HashEncoder) -> None:
    path = study / "study.toml"
    path.write_text(path.read_text(encoding="utf-8") + '[report]\nlanguages = ["en"]\n', encoding="utf-8")
    outcome = outcome_of(study)
    pictures = draw(outcome, study / "reports" / "figures", Memo(enabled=False))
    assert list(pictures) == ["en"] and list(pictures["en"]) == FIGURES
    assert not list((study / "reports" / "figures").glob("*.ar.*"))
    assert {entry["name"] for entry in outcome.results["figures"]} == set(FIGURES)


def test_a_second_run_embeds_nothing_and_gives_the_same_bytes(study: Path, encoder: HashEncoder) -> None:
    first, second = Memo(), Memo()
    pdf = publish(outcome_of(study, first), study / "reports", first)[0].read_bytes()
    results = (study / "reports" / "results.json").read_bytes()
    figures = {p.name: p.read_bytes() for p in (study / "reports" / "figures").iterdir()}
    encoder.calls.clear()
    again = publish(outcome_of(study, second), study / "reports", second)[0].read_bytes()
    assert encoder.calls == [] and again == pdf
    assert (study / "reports" / "results.json").read_bytes() == results
    assert {p.name: p.read_bytes() for p in (study / "reports" / "figures").iterdir()} == figures
    assert {"clusters", "map of how", "contrasts", "figures", "report"} <= set(second.reused)


def test_nothing_remembered_and_everything_remembered_give_the_same_numbers(study: Path, encoder: HashEncoder) -> None:
    outcome_of(study, Memo())
    assert outcome_of(study, Memo()).results == outcome_of(study, Memo(enabled=False)).results


def test_a_planted_difference_of_blocs_is_found(study: Path, encoder: HashEncoder) -> None:
    results = outcome_of(study).results
    assert results["permanova"]["p"] == 0.005
    (pair,) = results["contrasts"]
    assert pair["effect"] > 0 and pair["p_corrected"] <= 0.05 and pair["n_events"] == 4
    assert results["robust"]["specifications"]["primary"][0]["share_positive"] == 1.0
    assert [t["term"] for t in results["terms"]["east"]][:1] == ["صداقة"]


def test_after_editing_one_document_only_its_sentences_are_embedded(study: Path, encoder: HashEncoder) -> None:
    outcome_of(study)
    path = study / "data" / "raw" / "documents.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows[5]["summary_ar"] = rows[5]["summary_ar"].replace("وقالت", "وأكدت")
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    encoder.calls.clear()
    outcome_of(study)
    assert len(encoder.calls) == 4 and all("وأكدت" in text for text in encoder.calls)


def test_lines_in_another_order_give_the_same_numbers(
    tmp_path: Path, cache: Path, small_documents: list[dict[str, object]], encoder: HashEncoder
) -> None:
    a = outcome_of(write_study(tmp_path / "a", small_documents, SETTINGS)).results
    b = outcome_of(write_study(tmp_path / "b", small_documents[::-1], SETTINGS)).results
    assert a == b


@pytest.mark.parametrize("text", ["summary_en", "summary_orig"])
def test_a_study_with_few_outlets_a_codebook_and_another_text_is_published(
    tmp_path: Path, cache: Path, encoder: HashEncoder, text: str
) -> None:
    rows = [document(n, e, f"{b}-0") for n, (e, b) in enumerate((e, b) for e in "ABC" for b in ("east", "west") * 2)]
    study = write_study(tmp_path / "few", rows, SETTINGS + f'[data]\ntext = "{text}"\n')
    book = '[[frames]]\nid = "x"\nname = "X"\ndefinition = "D"\nanchors.ar = ["صداقة بين البلدين"]\n'
    (study / "data" / "raw" / "codebook.toml").write_text(book, encoding="utf-8")
    memo = Memo()
    outcome = outcome_of(study, memo)
    assert all(pdf.is_file() for pdf in publish(outcome, study / "reports", memo))
    assert outcome.results["robust"]["leave_one_outlet_out"]["n"] == 0
    assert not (study / "reports" / "figures" / "03-events.png").exists()


def test_machine_translated_texts_stay_marked_through_to_the_report(
    tmp_path: Path, cache: Path, encoder: HashEncoder, small_documents: list[dict[str, object]]
) -> None:
    small_documents[0] |= {"summary_ar": None, "title_ar": None}
    study = write_study(tmp_path / "study", small_documents, SETTINGS)
    _translate(study, "A-001", {"text": "قالت المدينة إن الجسر مفتوح.", "title": "جسر"})
    memo = Memo()
    outcome = outcome_of(study, memo)
    mark = "deepl, 2026-01-31"
    counted = {"n_texts": 2, "n_compared": 1, "n_arabic": 1, "by": {mark: 2}}
    assert outcome.results["corpus"]["machine_translated"] == counted
    pages = pages_of(publish(outcome, study / "reports", memo)[0].read_bytes())
    text = " ".join(" ".join(page.split()) for page in pages)
    assert f"2 texts were missing and filled by machine ({mark}: 2); 1 of the 24 texts compared are such" in text
    assert all(
        "Machine-translated: 1 of the 24" in str(p.inputs[-1])
        for p in plates(outcome)
        if p.name not in {"03-events", "06-specifications"}
    )
    table = (study / "data" / "processed" / "documents.csv").read_text(encoding="utf-8")
    assert f"title_ar: {mark}" in table.splitlines()[1]
    assert "translations.jsonl" in outcome.manifest["inputs"]


def _translate(study: Path, doc_id: str, texts: dict[str, str]) -> None:
    row = next(d for d in document_rows(study / "data" / "raw" / "documents.jsonl", []) if d[1]["doc_id"] == doc_id)[1]
    sources = {"text": str(row["summary_en"]), "title": str(row["title"])}
    write_translations(
        study / "data" / "translations.jsonl",
        [
            Translation(
                doc_id=doc_id, what=what, language="ar", source_language="en",
                source_sha256=sha256_text(sources[what]), text=text, engine="deepl", date="2026-01-31",
            )
            for what, text in texts.items()
        ],
    )  # fmt: skip


def test_one_bloc_alone_is_refused_with_a_message(tmp_path: Path, cache: Path, encoder: HashEncoder) -> None:
    rows = [document(i, "A", f"east-{i}") for i in range(8)]
    with pytest.raises(InputError, match="no documents can be compared within their event"):
        outcome_of(write_study(tmp_path / "one", rows, SETTINGS))


def test_an_interrupted_publication_leaves_no_half_written_file(
    study: Path, encoder: HashEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> bytes:
        raise KeyboardInterrupt

    outcome = outcome_of(study)
    monkeypatch.setattr("crossframe.report.compile_pdf", stop)
    with pytest.raises(KeyboardInterrupt):
        publish(outcome, study / "reports", Memo(enabled=False))
    assert not (study / "reports" / "small.en.pdf").exists()
    assert list(study.rglob(".*.part*")) == []
    json.loads((study / "reports" / "results.json").read_text())


def test_a_damaged_memory_is_recomputed(study: Path, encoder: HashEncoder, cache: Path) -> None:
    expected = outcome_of(study, Memo()).results
    for path in (cache / "stages").rglob("*.pickle"):
        path.write_bytes(b"damaged")
    assert outcome_of(study, Memo()).results == expected


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (np.zeros(3), np.zeros((3, 1))),
        (np.zeros(2, dtype=np.float32), np.zeros(2)),
        ([1, 2], [[1], 2]),
        ("1", 1),
        (1, 1.0),
        (["ab", "c"], ["a", "bc"]),
        ({"a": 1}, {"a": 2}),
        (None, "None"),
    ],
)
def test_unequal_inputs_of_a_stage_have_unequal_hashes(a: object, b: object) -> None:
    assert fingerprint(a) != fingerprint(b)


def test_floats_are_rounded_to_six_digits_and_integers_stay() -> None:
    value = {"a": [np.float64(1 / 3), np.int64(7), 123456789.0], 2: True}
    assert rounded(value) == {"a": [0.333333, 7, 123457000.0], "2": True}
    assert isinstance(rounded(np.int64(7)), int)


def test_results_hold_no_nan(study: Path, encoder: HashEncoder) -> None:
    def walk(value: object, check: Callable[[float], bool]) -> bool:
        if isinstance(value, dict):
            return all(walk(v, check) for v in value.values())
        if isinstance(value, list):
            return all(walk(v, check) for v in value)
        return check(value) if isinstance(value, float) else True

    assert walk(outcome_of(study).results, lambda x: bool(np.isfinite(x)))
