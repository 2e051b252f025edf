"""Bad input to `ingest` and `new --from`: one message with place and remedy, exit code 2, nothing written."""

import csv
import io
import json
import re
import sys
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crossframe.cli import main
from crossframe.errors import InputError
from crossframe.files import spreadsheet_safe
from crossframe.ingest import clean
from crossframe.ingest.attribution import attribute
from crossframe.ingest.boilerplate import classify_lines
from crossframe.ingest.dates import find_date, table_date
from crossframe.ingest.decode import decode
from crossframe.ingest.gazetteer import load_gazetteer
from crossframe.ingest.html import html_to_text
from crossframe.ingest.pages import split_page
from crossframe.ingest.run import Options, ingest
from crossframe.text import match_form, match_map
from crossframe.types import Identifier

GOOD = "text,source,event\nأكدت الوزارة أن العمل يسير وفق الجدول المعلن,Paper,E1\n"
GAZETTEER = load_gazetteer()
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def zipped(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def workbook(sheet: bytes) -> bytes:
    """A real workbook whose sheet is replaced."""
    buffer = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["text", "source"])
    book.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zipped(parts | {"xl/worksheets/sheet1.xml": sheet})


BILLION_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
)
BOMB = b"<worksheet>" + b" " * 60_000_000 + b"</worksheet>"
PAGE = "<html><body>{}</body></html>"

CASES: dict[str, tuple[str, bytes | Callable[[], bytes], str]] = {
    "an empty file": ("a.csv", b"", "the file is empty"),
    "a file of blank lines": ("a.csv", b"\n\n", "the file is empty"),
    "a header alone": ("a.csv", b"text,source\n", "the table has no rows"),
    "windows-1256 taken for UTF-8": ("a.csv", GOOD.encode("windows-1256"), "--encoding windows-1256"),
    "windows-1251 in a page": ("a.txt", "Мост открыли вчера.".encode("windows-1251"), "is not UTF-8 (byte 0)"),
    "half of a UTF-16 file": ("a.txt", "مرحبا".encode("utf-16")[:-1], "is not UTF-16"),
    "a line of 50 MB of text": ("a.txt", lambda: b"word " * 10_000_000, "the file has 50 MB, at most 21 MB are read"),
    "a line of 50 MB in a table": ("a.jsonl", lambda: b'{"text": "' + b"x" * 50_000_000, "line 1: the line has 50"),
    "a cell of 1,500,000 characters in CSV": ("a.csv", b"text,source\n" + b"x" * 1_500_000, "not readable as a table"),
    "a text of 2,000,000 characters": ("a.jsonl", b'{"source": "S", "text": "%s"}' % (b"x" * 2_000_000), "column text"),
    "a picture called text": ("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "is a picture, not text"),
    "a program called a table": ("a.csv", b"\x7fELF" + bytes(300), "is a program, not text"),
    "random bytes called text": ("a.txt", bytes([200, 7, 0, 255, 3]) * 50, "is not UTF-8"),
    "a PDF called text": ("a.txt", b"%PDF-1.7 rest", "Give it the ending .pdf"),
    "NUL characters": ("a.txt", b"one\0two three four five", "NUL characters (the first at character 3)"),
    "NUL characters in JSON": ("a.jsonl", b'{"text": "a\\u0000b", "source": "S"}', "row 1, column text"),
    "half of a surrogate pair": ("a.jsonl", b'{"text": "a \\ud83d b", "source": "S"}', "half of a surrogate pair"),
    "a zip bomb called XLSX": ("a.xlsx", lambda: workbook(BOMB), "times its size"),
    "a zip bomb called DOCX": ("a.docx", lambda: zipped({"word/document.xml": BOMB}), "times its size"),
    "an archive of 20,000 parts": ("a.docx", lambda: zipped({f"p{i}.xml": b"" for i in range(20_000)}), "20000 parts"),
    "entities in XLSX": ("a.xlsx", lambda: workbook(BILLION_LAUGHS), "declares XML entities"),
    "a damaged XLSX": ("a.xlsx", lambda: workbook(b"<worksheet><sheetData><row"), "not readable as XLSX"),
    "text called XLSX": ("a.xlsx", b"text,source\n", "is no readable Office file"),
    "text called DOCX": ("a.docx", b"hello", "is no readable Office file"),
    "a DOCX without a document": ("a.docx", lambda: zipped({"x.xml": b"<a/>"}), "not readable as DOCX"),
    "text called PDF": ("a.pdf", b"hello", "not readable as PDF"),
    "a truncated PDF": ("a.pdf", b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>", "not readable as PDF"),
    "text called Parquet": ("a.parquet", b"hello", "not readable as Parquet"),
    "deep nesting": ("a.html", PAGE.format("<div>" * 100_000).encode(), "nested deeper than 200"),
    "a huge attribute": ("a.html", PAGE.format(f'<p title="{"x" * 6_000_000}">one</p>').encode(), "a tag is longer"),
    "half a million tags": ("a.html", lambda: PAGE.format("<br>" * 500_000).encode(), "has over 300000 tags"),
    "a page of scripts alone": ("a.html", PAGE.format("<script>alert(1)</script>").encode(), "holds no text"),
    "an id that climbs": ("a.jsonl", b'{"doc_id": "../../etc/x", "text": "one", "source": "S"}', "cannot be an id"),
    "an id with a drive": ("a.jsonl", b'{"doc_id": "C:\\\\x", "text": "one", "source": "S"}', "cannot be an id"),
    "an id of dots": ("a.jsonl", b'{"doc_id": "..", "text": "one", "source": "S"}', "cannot be an id"),
    "one id twice": ("a.csv", b"doc_id,text,source\nd1,one,S\nd1,two,S\n", "a.csv, row 3: doc_id 'd1' stands in"),
    "a missing column": ("a.csv", b"text,event\none,E\n", "column(s) source are missing (there are: text, event)"),
    "a column twice": ("a.csv", b"text,source,text\none,S,two\n", "column 'text' stands twice"),
    "an empty text": ("a.csv", b"text,source\n ,S\n", "row 2, column text: the cell is empty"),
    "a text of markup alone": ("a.csv", b"text,source\n<script>x()</script>,S\n", "column text: the cell is empty"),
    "a date in words": ("a.csv", b"text,source,date\none,S,soon\n", "row 2, column date: 'soon': is not a date"),
    "a day that is none": ("a.csv", b"text,source,date\none,S,2024-02-31\n", "row 2, column date"),
    "a date of two readings": ("a.csv", b"text,source,date\none,S,03/04/2024\n", "is not a date"),
    "an address that runs": ("a.csv", b"text,source,url\none,S,javascript:alert(1)\n", "is not an http address"),
    "a quoted cell without end": ("a.csv", b'text,source\n"one,S\n', "A quotation mark may be missing"),
    "a list in JSON": ("a.jsonl", b"[1, 2]\n", "row 1: is not a JSON object"),
    "nested JSON": ("a.jsonl", b'{"text": ' + b"[" * 100_000, "row 1: is not JSON: "),
    "no JSON": ("a.jsonl", b"{text: one}\n", "row 1: is not JSON: "),
    "an ending that is not read": ("a.xyz", b"one", "cannot read .xyz"),
    "addresses that are none": ("a.urls", b"https://example.org/a\nfile:///etc/passwd\n", "line 2"),
    "a page of a number": ("a.txt", b"12345\n", "no article was found"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_bad_input_ends_with_2_one_message_and_no_file(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name, data, message = CASES[case]
    (tmp_path / "in").mkdir()
    good, bad, out = tmp_path / "in" / "good.csv", tmp_path / "in" / name, tmp_path / "out" / "d.jsonl"
    good.write_text(GOOD, encoding="utf-8")
    bad.write_bytes(data() if callable(data) else data)
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    monkeypatch.setattr(sys, "argv", ["crossframe", "ingest", str(good), str(bad), "--out", str(out)])
    with pytest.raises(SystemExit) as stop:
        main()
    shown = capsys.readouterr()
    assert stop.value.code == 2 and shown.out == ""
    assert shown.err.startswith("error: ") and message in shown.err and "Traceback" not in shown.err
    with pytest.raises(InputError) as caught:
        ingest([good, bad], out, Options())
    assert caught.value.where and caught.value.remedy
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before


STUDY_CASES: dict[str, tuple[str, bytes | Callable[[], bytes], str]] = {
    "a zip bomb as a study's table": ("a.xlsx", lambda: workbook(BOMB), "times its size"),
    "entities in a study's table": ("a.xlsx", lambda: workbook(BILLION_LAUGHS), "declares XML entities"),
    "a formula without a value": ("a.xlsx", lambda: filled_workbook("=1+1"), "row 2, column A2: is a formula without"),
    "an error of a formula": ("a.xlsx", lambda: filled_workbook("#REF!"), "row 2, column A2: is an error of a formula"),
    "an old workbook": ("a.xls", b"\xd0\xcf\x11\xe0", "cannot read .xls"),
    "a page for a table": ("a.html", b"<p>one</p>", "`crossframe ingest` makes one of saved pages"),
    "no column of texts": ("a.csv", b"body,source\none,S\n", "column(s) text are missing (there are: body, source)"),
    "a table of nothing": ("a.csv", b"", "the file is empty"),
    "a table of a header": ("a.csv", b"text,source,event\n", "the table has no rows"),
    "a table in windows-1256": ("a.csv", GOOD.encode("windows-1256"), "--encoding windows-1256"),
    "a column of texts twice": ("a.csv", b"text;text\none;two\n", "the column 'text' stands twice"),
    "a row that is torn": ("a.csv", b"text,source,event\none,S\n", "row 2: the row has 2 cells, the header 3"),
    "an open quotation": ("a.csv", b'text,source\n"one,S\ntwo,S\n', "A quotation mark may be missing"),
    "a cell that is too long": ("a.jsonl", b'{"text": "%s"}' % (b"x" * 1_500_000), "at most 1000000 are read"),
    "half of a pair in an event": ("a.jsonl", b'{"text": "one", "event": "\\udc00"}', "column event: holds half of a"),
    "NUL in a source": ("a.jsonl", b'{"text": "one", "source": "a\\u0000"}', "column source: holds NUL characters"),
}  # fmt: skip


def filled_workbook(cell: str) -> bytes:
    """A workbook with one cell under `text`; openpyxl writes no values of formulas."""
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["text", "source", "event"])
    book.active.append([cell, "S", "E"])
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("case", STUDY_CASES)
def test_a_bad_table_makes_no_study(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name, data, message = STUDY_CASES[case]
    bad = tmp_path / name
    bad.write_bytes(data() if callable(data) else data)
    monkeypatch.setattr(sys, "argv", ["crossframe", "new", str(tmp_path / "s"), "--from", str(bad)])
    with pytest.raises(SystemExit) as stop:
        main()
    shown = capsys.readouterr()
    assert stop.value.code == 2 and shown.out == ""
    assert shown.err.startswith("error: ") and message in shown.err and "Traceback" not in shown.err
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_the_readme_counts_these_cases() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    assert f"{len(CASES) + len(STUDY_CASES)} made bad files" in " ".join(readme.split())


def rows(paths: list[Path], tmp_path: Path, **options: Any) -> list[dict[str, Any]]:
    out = tmp_path / "out" / "d.jsonl"
    ingest(paths, out, Options(**options))
    return [json.loads(line) for line in out.read_text(encoding="utf-8").split("\n") if line]


def table(tmp_path: Path, row: dict[str, Any]) -> Path:
    path = tmp_path / "t.jsonl"
    path.write_text(json.dumps({"text": "one two three", "source": "S"} | row), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("utf-8-sig", "a.csv"), ("utf-16", "a.CSV"), ("utf-16-le", "a.csv"), ("utf-16-be", "a.csv"), ("utf-32", "a.csv")],
)
def test_byte_order_marks_and_utf16_are_recognised(encoding: str, name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(GOOD.encode(encoding))
    (row,) = rows([tmp_path / name], tmp_path)
    assert row["text"].startswith("أكدت الوزارة") and row["source"] == "Paper"


def test_a_named_encoding_is_used(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(GOOD.encode("windows-1256"))
    (row,) = rows([tmp_path / "a.csv"], tmp_path, encoding="windows-1256")
    assert row["text"].startswith("أكدت الوزارة")
    with pytest.raises(InputError, match="there is no encoding 'utf-9'"):
        rows([tmp_path / "a.csv"], tmp_path, encoding="utf-9")


@pytest.mark.parametrize(
    "dirty",
    [
        "before<script>alert(1)</script>after",
        "before<ScRiPt src=//x.example>alert(1)</sCrIpT >after",
        'before<img src=x onerror="alert(1)">after',
        "before<svg/onload=alert(1)>after",
        "before<a href='javascript:alert(1)' onclick=alert(1)></a>after",
        "before<style>alert(1)</style>after",
        "before<scr<script>ipt>alert(1)</scr</script>ipt>after",
        "before<iframe srcdoc='<script>alert(1)</script>'></iframe>after",
        "before<!-- <script>alert(1)</script> -->after",
        "before<math><mtext><img src=x onerror=alert(1)></mtext></math>after",
    ],
)
def test_scripts_and_handlers_do_not_come_through(dirty: str, tmp_path: Path) -> None:
    (row,) = rows([table(tmp_path, {"text": dirty, "title": dirty})], tmp_path)
    for shown in (row["text"], row["title"]):
        assert "before" in shown and "after" in shown
        assert "<" not in shown and "onerror" not in shown and "onload" not in shown and "javascript:" not in shown


def test_signs_that_are_no_tags_stay(tmp_path: Path) -> None:
    text = "5 < 6, a<b and <ثلاثة> and x <- y"
    (row,) = rows([table(tmp_path, {"text": text})], tmp_path)
    assert row["text"] == text


def test_a_script_written_out_in_a_page_is_taken_out_too(tmp_path: Path) -> None:
    body = "<p>The council met on Monday and approved it. &lt;script&gt;alert(1)&lt;/script&gt; It starts in May.</p>"
    (tmp_path / "a.html").write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
    (row,) = rows([tmp_path / "a.html"], tmp_path)
    assert "script" not in row["text"] and row["text"].endswith("It starts in May.")


def test_right_to_left_overrides_are_removed_and_reported(tmp_path: Path) -> None:
    spoofed = f"invoice\u202egnp.exe {BIDI}"
    out = tmp_path / "out.jsonl"
    report = ingest(
        [table(tmp_path, {"title": spoofed, "source": f"S{BIDI}", "text": "نص\u202eمقلوب \u2067جزء\u2069"})],
        out,
        Options(),
    )
    row = json.loads(out.read_text(encoding="utf-8"))
    assert row["title"] == "invoicegnp.exe" and row["source"] == "S"
    assert row["text"] == "نصمقلوب \u2067جزء\u2069"  # isolates have a use in running text, overrides have none
    assert any("bidirectional controls removed" in note for note in report.notes)


def test_an_id_with_hidden_controls_is_the_id_without_them(tmp_path: Path) -> None:
    (row,) = rows([table(tmp_path, {"doc_id": "d1\u202e"})], tmp_path)
    assert row["doc_id"] == "d1"


def test_a_text_of_several_scripts_has_no_language_for_certain(tmp_path: Path) -> None:
    (row,) = rows([table(tmp_path, {"text": "Привет hello مرحبا שלום γειά"})], tmp_path)
    assert row["language"] == "und"


def test_mojibake_is_mended_and_letters_are_not_normalised(tmp_path: Path) -> None:
    broken = "وزارة الخارجية".encode().decode("windows-1252", "ignore")
    assert broken != "وزارة الخارجية"
    kept = "ﻻ ﬁne “quotes” ½ e\u0301 &amp; ك‍ی"
    (row,) = rows([table(tmp_path, {"text": kept, "title": "Ð\u009cÐ¾Ñ\u0081ÐºÐ²Ð°"})], tmp_path)
    assert row["text"] == kept
    assert row["title"] == "Москва"


@pytest.mark.parametrize("link", [False, True])
def test_an_output_that_is_an_input_is_refused(tmp_path: Path, link: bool) -> None:
    path = tmp_path / "a.csv"
    path.write_text(GOOD, encoding="utf-8")
    out = path
    if link:
        out = tmp_path / "b.csv"
        out.hardlink_to(path)
    with pytest.raises(InputError, match="is the table itself"):
        ingest([path], out, Options())
    assert path.read_text(encoding="utf-8") == GOOD


def test_an_output_inside_a_folder_that_is_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(GOOD, encoding="utf-8")
    with pytest.raises(InputError, match="a second run would read it"):
        ingest([tmp_path], tmp_path / "d.jsonl", Options())
    with pytest.raises(InputError, match="is one of the inputs"):
        urls = tmp_path / "list.txt"
        urls.write_text("https://example.org/\n")
        ingest([], urls, Options(urls=[urls]))


def test_nothing_to_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="there is nothing to read in it"):
        ingest([tmp_path / "empty"], tmp_path / "d.jsonl", Options())
    with pytest.raises(InputError, match="nothing to read"):
        ingest([], tmp_path / "d.jsonl", Options())


@pytest.mark.parametrize(
    ("cell", "exported"),
    [
        ("=HYPERLINK(\"http://x\")", "'=HYPERLINK(\"http://x\")"),
        ("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1+1", "'＝1+1"),
        ("  =1+1", "'  =1+1"),
        ("\t=1", "'\t=1"),
        ("-0.1234", "-0.1234"),
        ("+3", "+3"),
        ("-1e-05", "-1e-05"),
        ("نص", "نص"),
        ("", ""),
        (-3, -3),
        (None, None),
    ],
)  # fmt: skip
def test_exported_cells_are_no_formulas(cell: object, exported: object) -> None:
    assert spreadsheet_safe(cell) == exported


def test_exported_tables_are_safe() -> None:
    from crossframe.tables import Table

    found = list(csv.reader(io.StringIO(Table("t", ["a"], [["=1+1"], ["-2.5"]]).as_csv())))
    assert found == [["a"], ["'=1+1"], ["-2.5"]]


# ---- made cases: 10,000 in all ----

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)
TAGS = st.lists(
    st.sampled_from(["<", ">", "script", "</", "/>", "<img ", "onerror=", "<b>", "<!--", "-->", "style", " ", "="]),
    max_size=16,
).map("".join)  # fmt: skip
NEWS = st.lists(
    st.sampled_from(
        ["بحسب ", "صحيفة ", "الغارديان", "رويترز", "، ", "قالت ", "“", "”", "\n", "المصدر: ",
         "اقرأ أيضاً:", "according to ",
         "The Guardian", "Reuters", " reported", ". ", "연합뉴스", "에 따르면 ", "сообщает ", "«Коммерсантъ»",
         "وقال الناطق إن الجسر سيفتح غدا أمام الجميع. ",
         "- ", "#وسم ", "\u064b", "\u202e", "ﻻ", "e\u0301", "2024-02-31", "***", "\n\n", "Tags: ", "ТАСС "]
    ),
    max_size=24,
).map("".join)  # fmt: skip
SETTINGS = settings(deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))


def cases(n: int) -> settings:
    return settings(SETTINGS, max_examples=n)


@cases(1500)
@given(ANY_TEXT)
def test_any_text_is_cleaned_or_refused(text: str) -> None:
    seen: Counter[str] = Counter()
    try:
        kept = clean.body(text, "here", seen)
    except InputError as error:
        assert "\0" in text or any("\ud800" <= c <= "\udfff" for c in text)
        assert error.where == "here" and error.remedy
        return
    kept.encode("utf-8")
    assert not set(kept) & set("\0\u202d\u202e\r\x1b")
    line = clean.one_line(text, "here")
    assert not set(line) & set(f"\n\t{BIDI}")


@cases(1500)
@given(TAGS)
@example("<scr<script>ipt>")
def test_no_tag_survives(text: str) -> None:
    kept = clean.without_markup(text)
    assert clean.without_markup(kept) == kept
    assert not re.search(r"<(?:(?:script|img|style|b)\b|[!/])", kept)


@cases(1000)
@given(st.binary(max_size=80))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        assert "\0" not in decode(data, "here")
    except InputError as error:
        assert error.where == "here" and error.remedy


@cases(1000)
@given(st.text(max_size=40), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_encoded_text_comes_back(text: str, encoding: str) -> None:
    plain = text.replace("\0", "").lstrip("\ufeff")
    data = plain.encode(encoding)
    if encoding == "utf-8" and (
        data.startswith((b"PK", b"%PDF", b"GIF8", b"PAR1", b"SQLite")) or data[:2] in {b"\xff\xfe", b"\xfe\xff"}
    ):
        return
    assert decode(data, "here") == plain


@cases(1500)
@given(NEWS)
def test_a_page_of_any_lines_keeps_words_and_order(text: str) -> None:
    lines = classify_lines(text.split("\n"))
    articles = split_page(lines, GAZETTEER.exact)
    at = 0
    for article in articles:
        assert article.paragraphs
        for paragraph in article.paragraphs:
            found = match_form(text).find(match_form(paragraph), at)
            assert found >= 0 and paragraph
            at = found


@cases(1500)
@given(NEWS, NEWS)
def test_spans_are_the_words_that_they_say(title: str, text: str) -> None:
    title = " ".join(title.split())
    for claim in attribute(title, text, GAZETTEER, source="", source_line="", via_line=""):
        whole = {"text": text, "title": title}[claim.span.field]
        assert whole[claim.span.start : claim.span.end] == claim.span.text != ""
        assert 0 < claim.confidence <= 1


@cases(800)
@given(ANY_TEXT)
def test_the_match_form_with_places_is_the_match_form(text: str) -> None:
    form, places = match_map(text)
    assert len(places) == len(form) + 1 and places == sorted(places)
    if not any("\u1100" <= c <= "\u11ff" or unicodedata.combining(c) for c in text):  # Jamo join beyond one letter
        assert form.split() == match_form(text).split()


@cases(600)
@given(
    st.one_of(
        st.text(max_size=30),
        st.dates().map(str),
        st.from_regex(r"[0-9]{1,4}[-/. ][0-9]{1,2}[-/. ][0-9]{1,4}", fullmatch=True),
    )
)
def test_a_date_is_a_date_or_refused(text: str) -> None:
    found, rest = find_date(text)
    assert found == "" or table_date(found) == found
    assert isinstance(rest, str)
    try:
        assert table_date(table_date(text)) == table_date(text)
    except ValueError as error:
        assert str(error)


@cases(300)
@given(st.text(max_size=30))
def test_an_id_is_kept_only_if_it_is_a_file_name(value: str) -> None:
    from pydantic import TypeAdapter, ValidationError

    from crossframe.ingest.tables import drafts
    from crossframe.rawtable import RawTable

    row = {"doc_id": value, "text": "one", "source": "S"}
    made = RawTable(Path("t.csv"), ["doc_id", "text", "source"], [("2", row)], [])
    try:
        (draft,) = drafts(made, {}, None, Counter())
    except InputError:
        return
    if draft.doc_id:
        TypeAdapter(Identifier).validate_python(draft.doc_id)
        assert Path("out", draft.doc_id).resolve().parent == Path("out").resolve()
    with pytest.raises(ValidationError):
        TypeAdapter(Identifier).validate_python("../x")


@cases(300)
@given(TAGS)
def test_any_markup_is_read_or_refused(text: str) -> None:
    try:
        assert "<script" not in clean.body(html_to_text(f"<p>x {text}", "here"), "here")
    except InputError as error:
        assert "here" in error.where and error.remedy
