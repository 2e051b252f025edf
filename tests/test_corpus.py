"""Raw tables: every problem at once, with file, row, column and value."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import document, write_study
from crossframe.checks import check_texts
from crossframe.config import load_config
from crossframe.corpus import check_relations, check_tables, independent, load_corpus, segments
from crossframe.errors import InputError
from crossframe.types import Document, Problem


def problems(study: Path) -> list[Problem]:
    config = load_config(study)
    corpus, found = check_tables(config.raw)
    if corpus is not None:
        found += check_relations(corpus, [b.id for b in config.blocs]) + check_texts(corpus)
    return found


def changed(study: Path, number: int, **values: object) -> Path:
    """Change one row of documents.jsonl."""
    path = study / "data" / "raw" / "documents.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows[number] |= values
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    return study


def edited(study: Path, table: str, edit: Callable[[str], str]) -> Path:
    path = study / "data" / "raw" / table
    path.write_text(edit(path.read_text(encoding="utf-8")), encoding="utf-8")
    return study


def test_the_small_study_is_valid(small_study: Path) -> None:
    assert [str(p) for p in problems(small_study) if p.level == "error"] == []


@pytest.mark.parametrize(
    ("values", "column", "message"),
    [
        ({"date": "18.06.2024"}, "date", "is not an ISO date"),
        ({"date": "2024-02-31"}, "date", "day is out of range|Day out of range"),
        ({"url": "no address"}, "url", "valid URL"),
        ({"language": "English"}, "language", "match pattern"),
        ({"claims": []}, "claims", "at least 1 item"),
        ({"basis": "rumour"}, "basis", "'excerpt'"),
        ({"summary_ar": ""}, "summary_ar", "at least 1 character"),
        ({"doc_id": "../../etc/passwd"}, "doc_id", "match pattern"),
        ({"colour": "red"}, "colour", "Extra inputs"),
    ],
)
def test_a_cell_that_breaks_the_schema_is_named(
    small_study: Path, values: dict[str, object], column: str, message: str
) -> None:
    import re

    (found,) = problems(changed(small_study, 2, **values))
    assert (found.file, found.row, found.column) == ("documents.jsonl", "3", column)
    assert re.search(message, found.message)


@pytest.mark.parametrize(
    ("values", "column", "message"),
    [
        ({"event_id": "Z"}, "event_id", "is not in events.csv"),
        ({"outlet_id": "north-1"}, "outlet_id", "is not in outlets.csv"),
        ({"relay_of": ["nobody"]}, "relay_of", "is not in outlets.csv"),
        ({"relay_of": ["east-0"]}, "relay_of", "does not relay itself"),
        ({"date": "2024-07-01"}, "date", "outside the window 2024-06-18 to 2024-06-19"),
        ({"language": "ko"}, "language", "has no column in parallel.csv"),
        ({"sentence_claims": [[1], [7], [2], [1]]}, "sentence_claims", "there are 2 claims"),
        ({"sentence_claims": [[1], [2]]}, "summary_ar", "4 sentences, but sentence_claims has 2"),
        ({"sentence_claims": [[1], [], [2], [1]]}, "sentence_claims", "rests on no claim"),
        (
            {"summary_en": "Это предложение написано по-русски и довольно длинное."},
            "summary_en",
            "reads as ru, declared en",
        ),
        ({"summary_ar": "قالت الوزارة ذلك. ثم عادت. ثم قالت. ثم صمتت."}, "summary_ar", "60 to 140 are wanted"),
    ],
)
def test_what_a_document_says_of_another_table_is_checked(
    small_study: Path, values: dict[str, object], column: str, message: str
) -> None:
    found = problems(changed(small_study, 0, **values))
    assert any(p.column == column and message in p.message and p.row == "A-001" for p in found), [str(p) for p in found]


def test_all_problems_come_at_once(small_study: Path) -> None:
    changed(small_study, 0, date="soon")
    changed(small_study, 1, url="none")
    edited(small_study, "events.csv", lambda t: t.replace("2024-06-19", "19/06/2024", 1))
    assert {(p.file, p.column) for p in problems(small_study)} == {
        ("documents.jsonl", "date"), ("documents.jsonl", "url"), ("events.csv", "date_end"),
    }  # fmt: skip


def test_a_doubled_id_names_both_rows(small_study: Path) -> None:
    (found,) = problems(changed(small_study, 4, doc_id="A-001"))
    assert found.row == "5" and "is used in row 1 already" in found.message


def test_a_line_that_is_not_json_is_named(small_study: Path) -> None:
    (found,) = problems(edited(small_study, "documents.jsonl", lambda t: t + "{broken\n"))
    assert found.row == "25" and "is not JSON" in found.message


def test_a_missing_and_an_unknown_column_are_named(small_study: Path) -> None:
    found = problems(edited(small_study, "outlets.csv", lambda t: t.replace("name_ar", "arabic_name", 1)))
    assert [(p.column, p.message.split(";")[0]) for p in found] == [
        ("name_ar", "the column is missing"),
        ("arabic_name", "unknown column"),
    ]


def test_a_ragged_row_is_named(small_study: Path) -> None:
    (found,) = problems(edited(small_study, "events.csv", lambda t: t + "E,F\n"))
    assert found.row == "6" and "the row has 2 cells, the header 8" in found.message


@pytest.mark.parametrize("table", ["events.csv", "outlets.csv", "documents.jsonl", "parallel.csv"])
def test_missing_empty_and_undecodable_tables_are_named(small_study: Path, table: str) -> None:
    path = small_study / "data" / "raw" / table
    good = path.read_bytes()
    for data, message in (
        (b"", "the file is empty"),
        ("نص".encode("windows-1256"), "is not UTF-8"),
        (None, "the file is missing"),
    ):
        path.unlink()
        if data is not None:
            path.write_bytes(data)
        assert message in problems(small_study)[0].message
        path.write_bytes(good)


def test_a_byte_order_mark_is_no_problem(small_study: Path) -> None:
    path = small_study / "data" / "raw" / "events.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert [p for p in problems(small_study) if p.level == "error"] == []


def test_too_few_parallel_sentences_are_refused(small_study: Path) -> None:
    found = problems(edited(small_study, "parallel.csv", lambda t: "\n".join(t.splitlines()[:31]) + "\n"))
    assert "30 sentences; language means need 40 or more" in found[0].message


def test_copies_without_a_wire_group_are_found(small_study: Path) -> None:
    path = small_study / "data" / "raw" / "documents.jsonl"
    first = json.loads(path.read_text(encoding="utf-8").splitlines()[0])
    changed(small_study, 3, summary_ar=first["summary_ar"])
    assert any("share no wire_group" in p.message for p in problems(small_study))
    changed(small_study, 0, wire_group="w")
    changed(small_study, 3, wire_group="w")
    assert not any("share no wire_group" in p.message for p in problems(small_study))


def test_loading_an_invalid_corpus_lists_the_problems(small_study: Path) -> None:
    with pytest.raises(InputError, match="row 1, column date, value 'soon'"):
        load_corpus(load_config(changed(small_study, 0, date="soon")))


def test_a_month_without_a_day_can_lie_in_the_window(small_study: Path) -> None:
    assert [p for p in problems(changed(small_study, 0, date="2024-06")) if p.level == "error"] == []


def test_a_window_may_end_in_a_month_without_a_day(small_study: Path) -> None:
    edited(small_study, "events.csv", lambda t: t.replace("2024-06-19", "2024-06"))
    assert [p for p in problems(small_study) if p.level == "error"] == []


def _documents(*rows: dict[str, object]) -> list[Document]:
    return [Document.model_validate(r) for r in rows]


def test_one_copy_of_a_wire_story_is_kept_the_agencys_own_where_there_is_one() -> None:
    kept, aside = independent(
        _documents(
            document(1, "A", "paper", wire_group="w", relay_of=["agency"]),
            document(2, "A", "agency", wire_group="w"),
            document(3, "A", "other"),
        )
    )
    assert [d.doc_id for d in kept] == ["A-002", "A-003"]
    assert aside == {"A-001": "A-002"}


def test_segments_carry_their_document_and_language(tmp_path: Path) -> None:
    parts = segments(_documents(document(1, "A", "x")), "summary_ar")
    assert len(parts) == 4 and {(s.doc_id, s.language) for s in parts} == {("A-001", "ar")}


def test_an_unknown_text_column_is_refused() -> None:
    with pytest.raises(InputError, match="no text column 'body'"):
        segments(_documents(document(1, "A", "x")), "body")


def test_the_order_of_lines_does_not_matter(tmp_path: Path, small_documents: list[dict[str, object]]) -> None:
    a = load_corpus(load_config(write_study(tmp_path / "a", small_documents)))
    b = load_corpus(load_config(write_study(tmp_path / "b", small_documents[::-1])))
    assert a.documents == b.documents


def test_swapped_columns_of_the_parallel_sentences_are_one_problem(small_study: Path) -> None:
    from crossframe.checks import check_study

    edited(small_study, "parallel.csv", lambda t: t.replace("sentence_id,topic,en,ar", "sentence_id,topic,ar,en", 1))
    found = [p for p in check_study(load_config(small_study))[1] if p.file == "parallel.csv"]
    assert len(found) == 1 and "name the columns after their languages" in found[0].message
    assert "'ar' reads as en" in found[0].message and "'en' reads as ar" in found[0].message
