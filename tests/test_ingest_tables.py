"""Tables, presets, office files, several inputs at once, near-duplicates."""

import json
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from crossframe.errors import InputError
from crossframe.ingest.dates import find_date, table_date
from crossframe.ingest.duplicates import duplicate_groups, near_duplicates
from crossframe.ingest.office import join_wrapped
from crossframe.ingest.run import Options, ingest

BODY = "أكدت الوزارة أن العمل يسير وفق الجدول المعلن في جميع المناطق"
KEYS = [
    "doc_id", "title", "text", "source", "relay_of", "attribution", "language", "date", "url", "related",
    "related_urls", "event", "event_suggested", "title_basis", "duplicate_group",
]  # fmt: skip


def rows(paths: list[Path], tmp_path: Path, **options: Any) -> list[dict[str, Any]]:
    out = tmp_path / "out" / "d.jsonl"
    ingest(paths, out, Options(**options))
    return [json.loads(line) for line in out.read_text(encoding="utf-8").split("\n") if line]


def test_a_row_has_every_key_and_what_is_unknown_is_empty(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"text,source\n{BODY},Paper\n", encoding="utf-8")
    (row,) = rows([tmp_path / "a.csv"], tmp_path)
    assert list(row) == KEYS
    assert row["text"] == BODY and row["source"] == "Paper" and row["language"] == "ar"
    assert row["event"] == row["date"] == row["url"] == row["title"] == row["duplicate_group"] == ""
    assert row["related"] == row["relay_of"] == []
    assert row["attribution"] == {
        "source": "", "outlet_id": "", "confidence": 0.0, "span": None, "kind": "", "others": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "body;outlet\n{};Paper\n"),
        ("a.CSV", "body,outlet\r\n{},Paper\r\n"),
        ("a.csv", "body|outlet\n{}|Paper\n"),
        ("a.tsv", "body\toutlet\n{}\tPaper\n"),
        ("a.csv", "body\toutlet\n{}\tPaper\n"),
        ("a.csv", ' body , "outlet"\n{},Paper\n'),
        ("a.jsonl", '{{"body": "{}", "outlet": "Paper"}}\n'),
        ("A.JSONL", '{{"body": "{}", "outlet": "Paper"}}'),
    ],
)
def test_columns_are_mapped_in_every_kind_of_text_table(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text.format(BODY), encoding="utf-8", newline="")
    (row,) = rows([tmp_path / name], tmp_path, columns={"text": "body", "source": "outlet"})
    assert (row["text"], row["source"]) == (BODY, "Paper")


def test_a_comma_in_a_semicolon_table_stays_in_its_cell(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text;source;event\none, two, three;S, Ltd;E\n", encoding="utf-8")
    (row,) = rows([tmp_path / "a.csv"], tmp_path)
    assert (row["text"], row["source"], row["event"]) == ("one, two, three", "S, Ltd", "E")


def test_parquet_is_read(tmp_path: Path) -> None:
    table = pa.table(
        {"text": [BODY, "둘"], "source": ["Paper", "신문"], "date": [pa.scalar("2024-06-18").as_py(), None]}
    )
    pq.write_table(table, tmp_path / "a.parquet")
    first, second = rows([tmp_path / "a.parquet"], tmp_path)
    assert (first["text"], first["date"]) == (BODY, "2024-06-18")
    assert (second["source"], second["date"]) == ("신문", "")


def test_xlsx_is_read_with_dates_and_names_of_other_sheets(tmp_path: Path) -> None:
    import datetime

    book = openpyxl.Workbook()
    book.active.title = "articles"
    book.active.append(["text", "source", "date", "event"])
    book.active.append([BODY, "Paper", datetime.datetime(2024, 6, 18), 7])
    book.active.append([None, None, None, None])
    book.create_sheet("notes").append(["text", "source"])
    book["notes"].append(["ملاحظة", "Notes"])
    book.save(tmp_path / "a.xlsx")
    (row,) = rows([tmp_path / "a.xlsx"], tmp_path)
    assert (row["text"], row["date"], row["event"]) == (BODY, "2024-06-18", "7")
    report = ingest([tmp_path / "a.xlsx"], tmp_path / "out" / "d.jsonl", Options())
    assert report.notes == ("a.xlsx: read sheet 'articles', not notes (--sheet NAME)",)
    (other,) = rows([tmp_path / "a.xlsx"], tmp_path, sheet="notes")
    assert other["source"] == "Notes"
    with pytest.raises(InputError, match=r"no sheet 'x'.*There are: articles, notes"):
        rows([tmp_path / "a.xlsx"], tmp_path, sheet="x")


def test_media_cloud_of_today_and_of_before_are_read(tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_text(
        "id,indexed_date,language,media_name,media_url,publish_date,title,url\n"
        "0a1b,2024-06-20 01:02:03.5,en,example.org,https://example.org,2024-06-18,A bridge opens in the north,https://example.org/1\n"
    )
    (tmp_path / "old.csv").write_text(
        "stories_id,publish_date,title,url,language,ap_syndicated,themes,media_id,media_name,media_url\n"
        "77,2019-03-01 10:00:00,Another bridge opens in the south,https://example.com/2,en,False,,3,Example,https://example.com\n"
    )
    first, second = rows([tmp_path / "new.csv", tmp_path / "old.csv"], tmp_path, preset="mediacloud")
    assert (first["doc_id"], first["source"], first["date"], first["text"]) == ("0a1b", "example.org", "2024-06-18", "")
    assert (second["doc_id"], second["source"], second["date"]) == ("77", "Example", "2019-03-01")


def test_gdelt_of_the_service_and_of_its_client_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(
        "\ufeffURL,MobileURL,Date,Title\nhttps://example.org/1,,2024-06-18 12:15:00,جسر جديد في الشمال\n".encode()
    )
    (tmp_path / "b.csv").write_text(
        ",url,url_mobile,title,seendate,socialimage,domain,language,sourcecountry\n"
        "0,https://example.com/2,,Мост открыт,20240618T121500Z,,example.com,Russian,Russia\n"
    )
    first, second = rows([tmp_path / "a.csv", tmp_path / "b.csv"], tmp_path, preset="gdelt-doc")
    assert (first["title"], first["date"], first["source"]) == ("جسر جديد في الشمال", "2024-06-18", "")
    assert (second["source"], second["language"], second["date"]) == ("example.com", "ru", "2024-06-18")
    report = ingest([tmp_path / "a.csv"], tmp_path / "out" / "d.jsonl", Options(preset="gdelt-doc"))
    assert report.notes == ("1 document(s) have a title and no text; --fetch gets the pages",)


def test_a_wrong_preset_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,source\none,S\n")
    with pytest.raises(InputError, match=r"there is no preset 'gdelt'.*Known: mediacloud, gdelt-doc"):
        rows([tmp_path / "a.csv"], tmp_path, preset="gdelt")
    with pytest.raises(InputError, match=r"column\(s\) title, url, media_name are missing"):
        rows([tmp_path / "a.csv"], tmp_path, preset="mediacloud")


def test_folders_and_files_are_read_in_order_and_others_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    (folder / "b.csv").write_text("text,source\nbbb bbb,S\n")
    (folder / "sub" / "a.TXT").write_text("aaa aaa aaa aaa\n")
    (folder / "photo.png").write_bytes(b"x")
    (folder / ".hidden.csv").write_text("x")
    (tmp_path / "z.csv").write_text("text,source\nzzz zzz,S\n")
    found = rows([tmp_path / "z.csv", folder, folder / "b.csv"], tmp_path)
    assert [r["text"] for r in found] == ["zzz zzz", "bbb bbb", "aaa aaa aaa aaa"]
    report = ingest([folder], tmp_path / "out" / "d.jsonl", Options())
    assert report.notes == ("1 file(s) of other kinds passed over: photo.png",)


def test_a_docx_with_two_articles_becomes_two_documents(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("افتتاح جسر المشاة في البلدة", 1)
    document.add_paragraph(f"{BODY}، وقال رئيس البلدية إن الجسر سيفتح للمشاة والدراجات صباح الغد بعد عامين من العمل.")
    document.add_paragraph("المصدر: رويترز")
    document.add_heading("معرض للطوابع القديمة في الميناء", 1)
    document.add_paragraph(
        "استقبل معرض الطوابع القديمة في الميناء أكثر من ألفي زائر في أسبوعه الأول، بحسب صحيفة الغارديان البريطانية."
    )
    document.add_paragraph("أخبار ذات صلة")
    document.add_paragraph("متحف الميناء يمدد ساعات العمل", style="List Bullet")
    document.save(str(tmp_path / "a.docx"))
    first, second = rows([tmp_path / "a.docx"], tmp_path)
    assert first["title"] == "افتتاح جسر المشاة في البلدة" and first["source"] == "Reuters"
    assert second["title"] == "معرض للطوابع القديمة في الميناء" and second["relay_of"] == ["The Guardian"]
    assert second["related"] == ["متحف الميناء يمدد ساعات العمل"]


def test_a_pdf_is_read_and_one_of_pictures_is_refused(tmp_path: Path) -> None:
    import typst

    (tmp_path / "a.typ").write_text(
        "= A bridge opens in the north\n\nThe bridge in the north opens on Friday after two years of work, the "
        "Guardian reported, and the market will stay open for the whole of the first day.\n\nIt is long.\n"
    )
    typst.compile(str(tmp_path / "a.typ"), output=str(tmp_path / "a.pdf"))
    (row,) = rows([tmp_path / "a.pdf"], tmp_path)
    assert row["title"] == "A bridge opens in the north" and row["relay_of"] == ["The Guardian"]
    assert row["text"].startswith("The bridge in the north opens on Friday after two years of work, the Guardian")
    (tmp_path / "b.typ").write_text("#rect()\n")
    typst.compile(str(tmp_path / "b.typ"), output=str(tmp_path / "b.pdf"))
    with pytest.raises(InputError, match="has no text layer"):
        rows([tmp_path / "b.pdf"], tmp_path)


def test_wrapped_lines_are_joined_to_paragraphs() -> None:
    text = "A first line that is quite long\nand goes on here, to its own\nend.\nSecond one\n\nThird"
    assert join_wrapped(text) == [
        "A first line that is quite long and goes on here, to its own end.",
        "Second one",
        "",
        "Third",
    ]


@pytest.mark.parametrize(
    ("cell", "date"),
    [
        ("2024", "2024"), ("2024-06", "2024-06"), ("2024-6-8", "2024-06-08"), ("2024-06-18T10:00:00Z", "2024-06-18"),
        ("2024-06-18 10:00:00.123+03:00", "2024-06-18"), ("20240618", "2024-06-18"), ("20240618T121500Z", "2024-06-18"),
        ("٢٠٢٤-٠٦-١٨", "2024-06-18"),
    ],
)  # fmt: skip
def test_dates_of_cells_are_read(cell: str, date: str) -> None:
    assert table_date(cell) == date


@pytest.mark.parametrize("cell", ["soon", "18/06/2024", "2024-13-01", "2024-02-30", "24-06-18", "", "2024-06-18 noon"])
def test_dates_of_cells_that_are_none_are_refused(cell: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        table_date(cell)


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("نشر في: 14 مايو 2023 - 10:30 م", "2023-05-14"),
        ("الثلاثاء ١٤ أيار ٢٠٢٣", "2023-05-14"),
        ("2 كانون الأول 2021", "2021-12-02"),
        ("March 3, 2022 09:15 GMT", "2022-03-03"),
        ("3rd of March, 2022", "2022-03-03"),
        ("12 апреля 2021, 14:05", "2021-04-12"),
        ("2022.09.08. 오전 10:12", "2022-09-08"),
        ("2024年6月18日 10:00", "2024-06-18"),
        ("14/05/2023", "2023-05-14"),
        ("05/14/2023", "2023-05-14"),
        ("03/04/2024", ""),
        ("31 فبراير 2024", ""),
        ("12 شوال 1445", ""),
    ],
)
def test_dates_in_lines_are_found_or_left_open(line: str, date: str) -> None:
    assert find_date(line)[0] == date


def test_copies_are_grouped_and_kept(tmp_path: Path) -> None:
    words = [f"كلمة{i}" for i in range(60)]
    story = " ".join(words)
    copy = " ".join(["وكالات:", *words[:-2]])
    other = " ".join(f"لفظ{i}" for i in range(60))
    table = [{"doc_id": f"d{i}", "text": t, "source": "S"} for i, t in enumerate([story, other, copy, story])]
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in table), encoding="utf-8")
    found = rows([tmp_path / "a.jsonl"], tmp_path)
    assert [r["duplicate_group"] for r in found] == ["d0", "", "d0", "d0"]


def test_the_same_text_twice_gets_two_ids(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,source\none two,S\none two,S\n")
    first, second = rows([tmp_path / "a.csv"], tmp_path)
    assert second["doc_id"] == first["doc_id"] + "-2" and first["duplicate_group"] == first["doc_id"]


def test_groups_are_those_of_the_exact_pairs() -> None:
    texts = {}
    for family in range(12):
        words = [f"w{family}x{i}" for i in range(80)]
        for copy in range(3):
            texts[f"{family}-{copy}"] = " ".join(words[copy * 4 :])
    pairs = near_duplicates(texts, 0.7)
    groups = duplicate_groups(texts, 0.7)
    assert pairs and all(groups[a] == groups[b] for a, b, _ in pairs)
    assert len(set(groups.values())) == 12


def test_a_column_of_relayed_sources_is_kept_before_what_is_found(tmp_path: Path) -> None:
    row = {"text": "ذكرت صحيفة الغارديان أن الجسر افتتح", "source": "S", "relay_of": "TASS; KCNA"}
    (tmp_path / "a.jsonl").write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    (found,) = rows([tmp_path / "a.jsonl"], tmp_path)
    assert found["relay_of"] == ["TASS", "KCNA", "The Guardian"]
