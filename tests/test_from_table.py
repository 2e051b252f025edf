"""A study from a table or from ingested pages: nothing is lost, what is unknown stays empty and is named."""

import csv
import io
import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from conftest import HashEncoder
from crossframe.articles import as_csv, as_xlsx
from crossframe.checks import check_study
from crossframe.config import load_config
from crossframe.corpus import load_corpus
from crossframe.errors import InputError
from crossframe.files import spreadsheet_plain, spreadsheet_safe
from crossframe.from_table import Made, Options, study_from
from crossframe.ingest.run import Options as Ingest
from crossframe.ingest.run import ingest
from crossframe.onetable import empty_cells
from crossframe.rawtable import read_raw
from crossframe.suggest import Told, grouped, suggest_events

AR = "أكدت الوزارة أن العمل يسير وفق الجدول المعلن في جميع المناطق"
EN = "The ministry said that the work follows the plan in every region."
ROWS = [
    {"text": f"{AR} {i}" if i % 2 else f"{EN} {i}", "source": f"Paper {i % 2}", "event": f"E{i // 4}"} for i in range(8)
]


def table(folder: Path, rows: Sequence[Mapping[str, Any]], name: str = "t.jsonl") -> Path:
    path = folder / name
    if name.lower().endswith(".xlsx"):
        book = openpyxl.Workbook()
        columns = list(rows[0])
        book.active.append(columns)
        for row in rows:
            book.active.append([row[c] for c in columns])
        book.save(path)
    elif name.lower().endswith(".csv"):
        buffer = io.StringIO(newline="")
        writer = csv.DictWriter(buffer, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        path.write_text(buffer.getvalue(), encoding="utf-8", newline="")
    else:
        path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    return path


def made(tmp_path: Path, rows: Sequence[Mapping[str, Any]], name: str = "t.jsonl", **options: Any) -> Made:
    return study_from(tmp_path / "s", table(tmp_path, rows, name), Options(**options))


@pytest.mark.parametrize("name", ["t.jsonl", "t.csv", "T.CSV", "t.xlsx"])
def test_a_full_table_is_a_study_that_is_ready(tmp_path: Path, name: str) -> None:
    found = made(tmp_path, ROWS, name)
    assert found.table.name == "articles.csv" and found.n_rows == 8 and not any(found.empty.values())
    corpus = load_corpus(load_config(tmp_path / "s"))
    assert {d.summary_ar or d.summary_en for d in corpus.documents} == {r["text"] for r in ROWS}
    copy = tmp_path / "s" / "data" / "raw" / "original" / name
    assert copy.read_bytes() == (tmp_path / name).read_bytes()
    assert found.table.read_bytes().startswith(b"\xef\xbb\xbf")


def test_what_is_empty_is_counted_and_named_and_can_be_filled_in_a_spreadsheet(tmp_path: Path) -> None:
    rows = [dict(r, event="") if i < 3 else dict(r, source="") if i == 5 else r for i, r in enumerate(ROWS)]
    found = made(tmp_path, rows)
    assert found.table.name == "articles.xlsx"
    assert found.empty == {"text": [], "event": ["1", "2", "3"], "source": ["6"]}
    _corpus, problems = check_study(load_config(tmp_path / "s"))
    assert [(p.row, p.column) for p in problems if p.level == "error"] == [
        ("2", "event"), ("3", "event"), ("4", "event"), ("7", "source"),
    ]  # fmt: skip
    assert empty_cells(problems) == {"event": 3, "source": 1}
    book = openpyxl.load_workbook(found.table)
    sheet = book.active
    columns = {cell.value: cell.column for cell in sheet[1]}
    assert sheet.cell(2, columns["event"]).fill.fgColor.rgb.endswith("FFF2CC")
    for row, column in ((2, "event"), (3, "event"), (4, "event"), (7, "source")):
        sheet.cell(row, columns[column]).value = "E0" if column == "event" else "Paper 1"
    book.save(found.table)
    assert len(load_corpus(load_config(tmp_path / "s")).documents) == 8


def test_a_sheet_of_arabic_texts_runs_from_right_to_left(tmp_path: Path) -> None:
    rows = [dict(r, text=f"{AR} {i}", event="") for i, r in enumerate(ROWS)]
    sheet = openpyxl.load_workbook(made(tmp_path, rows).table).active
    assert sheet.sheet_view.rightToLeft
    assert sheet.cell(2, 1).value and sheet.freeze_panes == "B2"


def test_rows_without_a_text_stay_and_are_named(tmp_path: Path) -> None:
    found = made(tmp_path, [*ROWS, {"text": " ", "source": "P", "event": "E0"}])
    assert found.n_rows == 9 and found.empty["text"] == ["9"]
    problems = check_study(load_config(tmp_path / "s"))[1]
    assert [(p.row, p.column, p.message) for p in problems if p.level == "error"] == [
        ("10", "text", "the cell is empty; write the text, or delete the row")
    ]


def test_texts_that_no_cell_of_xlsx_can_hold_make_a_csv_and_stay_whole(tmp_path: Path) -> None:
    long = EN * 600
    found = made(tmp_path, [{"text": long, "source": "P"}])
    assert len(long) > 32_767 and found.table.name == "articles.csv" and "too long for XLSX" in found.notes[0]
    assert read_raw(found.table).rows[0][1]["text"] == long


RELAYS = [
    {**ROWS[0], "attribution": {"source": "Reuters"}, "relay_of": ["Reuters", "TASS"]},
    {**ROWS[1], "attribution": {"source": ""}, "relay_of": []},
    {**ROWS[2], "attribution": {"source": "Paper 0"}, "relay_of": []},
]


def test_the_publisher_is_the_source_unless_the_relayed_one_is_asked_for(tmp_path: Path) -> None:
    rows = read_raw(made(tmp_path, RELAYS).table).rows
    assert [r["source"] for _n, r in rows] == ["Paper 0", "Paper 1", "Paper 0"]
    assert [r["relay_of"] for _n, r in rows] == ["Reuters; TASS", "", ""]


def test_a_relayed_source_that_is_not_told_stays_empty(tmp_path: Path) -> None:
    found = made(tmp_path, RELAYS, source_is="relayed")
    rows = read_raw(found.table).rows
    assert [(r["source"] or "", r["publisher"], r["relay_of"] or "") for _n, r in rows] == [
        ("Reuters", "Paper 0", "TASS"), ("", "Paper 1", ""), ("Paper 0", "Paper 0", ""),
    ]  # fmt: skip
    assert found.empty["source"] == ["2"]
    with pytest.raises(InputError, match="no column tells whom a text relays"):
        study_from(tmp_path / "b", table(tmp_path, ROWS), Options(source_is="relayed"))


def test_copies_that_ingest_has_found_are_copies_of_the_study(tmp_path: Path) -> None:
    more = {"related": ["x"], "title_basis": "lead"}
    rows = [{**r, **more, "duplicate_group": "g" if i < 2 else ""} for i, r in enumerate(ROWS)]
    made(tmp_path, rows)
    corpus, problems = check_study(load_config(tmp_path / "s"))
    assert corpus is not None and sum(d.wire_group == "g" for d in corpus.documents) == 2
    assert not [p for p in problems if "is not read" in p.message]


@pytest.mark.parametrize(
    ("rows", "options", "message"),
    [
        ([{"body": "x", "source": "S"}], {}, "column\\(s\\) text are missing \\(there are: body, source\\)"),
        ([{"text": "x"}], {"columns": {"txt": "text"}}, "unknown field\\(s\\) txt"),
        ([{"text": "x"}], {"columns": {"event": "story"}}, "column\\(s\\) story are missing"),
        ([{"text": "a \ud83d b"}], {}, "row 1, column text: holds half of a surrogate pair"),
        ([{"text": "a\0b"}], {}, "row 1, column text: holds NUL characters"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_and_nothing_is_written(
    tmp_path: Path, rows: list[dict[str, str]], options: dict[str, Any], message: str
) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in rows))
    with pytest.raises(InputError, match=message):
        study_from(tmp_path / "s", path, Options(**options))
    assert not (tmp_path / "s").exists()


def test_names_with_unseen_overrides_are_the_names_without_them(tmp_path: Path) -> None:
    rows = [dict(r, event=f"\u202e{r['event']}\u202c", source=f"{r['source']}\u200f") for r in ROWS]
    made(tmp_path, rows)
    corpus = load_corpus(load_config(tmp_path / "s"))
    assert set(corpus.events) == {"E0", "E1"} and set(corpus.outlets) == {"Paper 0", "Paper 1"}


def test_a_damaged_cell_of_a_study_is_named(tmp_path: Path) -> None:
    made(tmp_path, ROWS)
    rows = [dict(r, event="E\ud83d") if i == 2 else r for i, r in enumerate(ROWS)]
    (tmp_path / "s" / "data" / "raw" / "a.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    path = tmp_path / "s" / "study.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("articles.csv", "a.jsonl"), encoding="utf-8")
    found = [p for p in check_study(load_config(tmp_path / "s"))[1] if p.level == "error"]
    assert ("3", "event") in [(p.row, p.column) for p in found] and "is damaged" in found[0].message


# ---- spreadsheets ----


@pytest.mark.parametrize("value", ["=1+1", "'=1+1", "''=1", "-3", "'-3", "'quoted'", "- قال", "@x", "\t=1", "", "'"])
def test_a_cell_that_was_made_safe_comes_back(value: str) -> None:
    assert spreadsheet_plain(str(spreadsheet_safe(value))) == value


def test_formulas_and_10_000_rows_come_back_as_they_were(tmp_path: Path) -> None:
    """Ten thousand made rows: each of them is in the study's table, cell by cell, whatever they begin with."""
    pick = random.Random(2026)
    signs = [
        "=",
        "+",
        "-",
        "@",
        "'",
        "'=",
        ",",
        ";",
        "|",
        '"',
        "\t",
        "\n",
        "ﻻ",
        "e\u0301",
        "نص",
        "한국",
        "\u200f",
        "7",
        "…",
    ]
    rows = []
    for i in range(10_000):
        words = " ".join(
            pick.choice(signs) + pick.choice(["جسر", "bridge", "мост", "다리"]) for _ in range(pick.randint(1, 6))
        )
        rows.append(
            {
                "doc_id": f"d{i}",
                "text": words,
                "event": pick.choice(signs) + "E",
                "source": pick.choice("ABC"),
                "title": "",
            }
        )
    found = made(tmp_path, rows)
    assert found.n_rows == 10_000 and found.table.name == "articles.csv"
    back = {r["doc_id"]: r for _n, r in read_raw(found.table).rows}
    for row in rows:
        assert back[row["doc_id"]]["text"] == row["text"].strip()
        assert back[row["doc_id"]]["event"] == " ".join(row["event"].replace("\u200f", "").split())
        assert back[row["doc_id"]]["source"] == row["source"]
    with found.table.open(encoding="utf-8-sig", newline="") as handle:
        cells = [cell for line in csv.reader(handle) for cell in line]
    assert not [c for c in cells if c[:1] in set("=+-@\t") and not c[1:].isdigit()]


def test_a_formula_of_a_workbook_is_its_value_and_one_without_a_value_is_named(tmp_path: Path) -> None:
    path = table(tmp_path, [{"text": EN, "source": "=A1", "event": "E"}], "t.xlsx")
    with pytest.raises(InputError, match=r"t\.xlsx, row 2, column B2: is a formula without a value"):
        study_from(tmp_path / "s", path, Options())


def test_rows_of_a_workbook_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["text", "source", "event"], [], ["one", "S", 7.0], [None, "", " "], ["two", "S", None]):
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    found = read_raw(tmp_path / "t.xlsx")
    assert [n for n, _r in found.rows] == ["3", "5"]


def test_the_same_cells_give_the_same_workbook() -> None:
    columns, rows = ["doc_id", "event", "text"], [{"doc_id": "a", "event": "", "text": "=1"}]
    assert as_xlsx(columns, rows) == as_xlsx(columns, rows)
    assert as_csv(columns, rows).decode("utf-8-sig") == "doc_id,event,text\r\na,,'=1\r\n"


# ---- ingest: event, source, kinds of output ----


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    for event, name in (("جسر", "a"), ("جسر", "b"), ("Toll", "c")):
        (tmp_path / "pages" / event).mkdir(parents=True, exist_ok=True)
        text = f"A headline about page {name}\n\n{EN} It was said on page {name} of the paper, in many more words."
        (tmp_path / "pages" / event / f"{name}.txt").write_text(text, encoding="utf-8")
    (tmp_path / "pages" / "d.txt").write_text(f"Another headline\n\n{AR} {AR}", encoding="utf-8")
    return tmp_path / "pages"


@pytest.mark.parametrize("name", ["d.jsonl", "d.csv", "d.xlsx"])
def test_folders_name_events_and_every_kind_of_output_makes_the_same_study(
    tmp_path: Path, pages: Path, name: str
) -> None:
    report = ingest([pages], tmp_path / name, Ingest(event_from_folder=True, source="Paper"))
    assert (report.documents, report.no_event, report.no_source) == (4, 1, 0)
    rows = [r for _n, r in read_raw(tmp_path / name).rows]
    assert sorted(str(r["event"] or "") for r in rows) == ["", "Toll", "جسر", "جسر"]
    found = study_from(tmp_path / "s", tmp_path / name, Options())
    assert [len(v) for v in found.empty.values()] == [0, 1, 0]
    texts = {r["text"] for _n, r in read_raw(found.table).rows}
    assert texts == {r["text"] for r in rows} and len(texts) == 4


def test_a_named_event_and_source_do_not_replace_those_of_the_documents(tmp_path: Path) -> None:
    rows = [dict(ROWS[0]), dict(ROWS[1], event="", source="")]
    ingest([table(tmp_path, rows)], tmp_path / "d.jsonl", Ingest(event="All", source="Given"))
    found = [json.loads(line) for line in (tmp_path / "d.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(r["event"], r["source"]) for r in found] == [("E0", "Paper 0"), ("All", "Given")]


# ---- suggested events ----


def test_suggestions_say_that_they_are_and_stay_out_of_the_column_event(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crossframe.encoders.load_encoder", lambda name, precision="fp32": HashEncoder())
    found = made(tmp_path, [dict(r, event="", title="T") for r in ROWS], suggest_events=True)
    rows = [r for _n, r in read_raw(found.table).rows]
    assert all(str(r["event_suggested"]).startswith("suggestion ") and not r["event"] for r in rows)
    assert len(found.empty["event"]) == 8 and "suggested by a program" in found.notes[-1]


def test_groups_are_near_in_meaning_and_in_time() -> None:
    import numpy as np

    vectors = np.array([[1, 0], [1, 0.01], [1, 0.02], [0, 1.0]])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    assert grouped(vectors, ["2024-01-01", "2024-01-02", "2024-03-01", "2024-01-01"], 0.3, 5) == [0, 0, 1, 2]
    assert grouped(vectors, ["2024-01", "", "", ""], 0.3, 5) == [0, 0, 0, 1]
    assert grouped(vectors[:1], [""], 0.3, 5) == [0]


def test_a_text_in_an_unknown_language_gets_no_suggestion(cache: Path) -> None:
    told = [Told("A", EN, "en", ""), Told("", "…", "xx", "")]
    assert suggest_events(told, [HashEncoder()]) == ["suggestion 1: A", ""]
    with pytest.raises(InputError, match="at most"):
        suggest_events([told[0]] * 5001)
