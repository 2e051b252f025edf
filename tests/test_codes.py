"""Codes, coding sheets and agreement: against published values and values worked out by hand."""

import csv
import re
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from openpyxl import Workbook, load_workbook

from conftest import ROOT, write_study
from crossframe.agreement import agreement
from crossframe.codes import (
    Code,
    add_codes,
    code_table,
    consensus,
    draw,
    load_codes,
    save_codes,
)  # fmt: skip
from crossframe.coding import NO_HUMAN, codes_section
from crossframe.config import load_config
from crossframe.confusion import auc, confusion
from crossframe.corpus import load_corpus
from crossframe.errors import InputError
from crossframe.filled import read_key, read_sheet
from crossframe.frames import Frame, load_codebook
from crossframe.prevalence import corrected_share
from crossframe.sheet import Item, draw_items, key_path, opaque_id, write_sheet
from crossframe.types import FloatArray
from test_cli import call

NAN = np.nan
# Krippendorff 2011, "Computing Krippendorff's alpha-reliability", example C: 4 observers, 12 units, nominal
PUBLISHED = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
        [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
    ]
).T
HEADER = "doc_id,frame,coder,coder_kind,code,text,date"


def table_2x2(both: int, first: int, second: int, neither: int) -> FloatArray:
    return np.array([[1.0, 1.0]] * both + [[1.0, 0.0]] * first + [[0.0, 1.0]] * second + [[0.0, 0.0]] * neither)


def frame(name: str, **changes: str) -> Frame:
    values = {"id": name, "name": name.title(), "name_ar": "الأمن", "definition": "A danger.", "definition_ar": "خطر.",
              "include": "Code it.", "exclude": "Not this."}  # fmt: skip
    return Frame(**(values | changes), anchors={"en": ["x"]})  # type: ignore[arg-type]


def code(doc_id: str, name: str, coder: str, value: int, kind: str = "program", **changes: object) -> Code:
    row = {"doc_id": doc_id, "frame": name, "coder": coder, "coder_kind": kind, "code": str(value),
           "text": "summary_ar", "date": "2026-11-24"}  # fmt: skip
    return Code.model_validate(row | changes)


# --- agreement


def test_alpha_and_ac1_of_the_published_example_with_missing_codes() -> None:
    found = agreement(PUBLISHED)
    assert found.alpha.value is not None and round(found.alpha.value, 3) == 0.743
    # Gwet's own package irrCAC gives AC1 0.77544 and agreement 0.81818 for the same table (cac.raw4raters)
    assert found.ac1.value is not None and round(found.ac1.value, 5) == 0.77544
    assert found.percent == pytest.approx(9 / 11)
    assert (found.n_documents, found.n_coders, found.n_codes) == (11, 4, 41)


def test_alpha_and_ac1_of_a_skewed_table_by_hand() -> None:
    """118 + 5 + 2: 97 % of the codes are 1, agreement is 0.944, alpha near 0 and AC1 0.9408."""
    found = agreement(table_2x2(118, 5, 2, 0))
    share = (123 + 120) / 250
    chance = 2 * share * (1 - share)
    assert found.ac1.value == pytest.approx((118 / 125 - chance) / (1 - chance))
    # 243 ones and 7 noughts: 1 - (7 / 125) / (2 * 243 * 7 / (250 * 249))
    assert found.alpha.value == pytest.approx(1 - (7 / 125) / (2 * 243 * 7 / (250 * 249)))


def test_neither_the_order_of_coders_nor_that_of_documents_nor_the_names_of_codes_matter() -> None:
    codes = table_2x2(20, 6, 3, 40)
    shuffled = np.random.default_rng(0).permutation(1 - codes[:, ::-1])
    one, other = agreement(codes), agreement(shuffled)
    assert one.alpha.value == pytest.approx(other.alpha.value)
    assert one.ac1.value == pytest.approx(other.ac1.value)


def test_perfect_agreement_is_one() -> None:
    found = agreement(table_2x2(12, 0, 0, 30))
    assert found.alpha.value == found.ac1.value == found.percent == 1
    assert (found.alpha.low, found.alpha.high) == (1, 1)


def test_constant_codes_have_no_alpha_and_an_ac1_of_one() -> None:
    found = agreement(np.zeros((30, 2)))
    assert found.alpha.value is None and "all codes are the same" in found.alpha.reason
    assert found.ac1.value == 1


def test_documents_with_one_code_leave_nothing_to_compare() -> None:
    found = agreement(np.array([[1, NAN], [NAN, 0]]))
    assert found.percent is found.alpha.value is found.ac1.value is None
    assert found.alpha.reason == found.ac1.reason == "no document has two codes"
    with pytest.raises(InputError, match="with a code in it"):
        agreement(np.full((3, 2), NAN))


def test_a_frame_found_once_has_no_interval_of_alpha() -> None:
    """A resample lacks the one document with probability (1 - 1/40)^40 = 0.36."""
    found = agreement(table_2x2(1, 0, 0, 39))
    assert found.alpha.value == 1 and found.alpha.low is None
    share = int(re.findall(r"(\d+)%", found.alpha.reason)[0])
    assert 30 <= share <= 43


def test_the_bootstrap_interval_covers_the_true_agreement() -> None:
    """Two coders read the same truth with 10 % errors: alpha of the population is 0.64, worked out below."""
    generator = np.random.default_rng(5)
    disagree = 2 * 0.9 * 0.1
    ones = 0.4 * 0.9 + 0.6 * 0.1
    truth = 1 - disagree / (2 * ones * (1 - ones))
    covered = []
    for i in range(200):
        real = generator.random(150) < 0.4
        codes = np.stack([real ^ (generator.random(150) < 0.1) for _ in range(2)], axis=1).astype(float)
        alpha = agreement(codes, n_bootstrap=300, seed=i).alpha
        assert alpha.low is not None and alpha.high is not None
        covered.append(alpha.low <= truth <= alpha.high)
    assert 0.90 <= np.mean(covered) <= 0.985


# --- the table of codes


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Z9,security,a,program,1,summary_ar,2026-11-24", "row 3, column doc_id, value 'Z9': is not in documents"),
        ("A-1,nonsense,a,program,1,summary_ar,2026-11-24", "row 3, column frame, value 'nonsense': is not in codebook"),
        ("A-2,security,a,program,2,summary_ar,2026-11-24", "row 3, column code, value '2': is neither 0 nor 1"),
        ("A-2,security,a,program,,summary_ar,2026-11-24", "row 3, column code, value '': is neither 0 nor 1"),
        ("A-1,security,a,program,0,summary_ar,2026-11-24", "row 3, .*'A-1, security, a': is used in row 2 already"),
        ("A-2,security,a,human,0,summary_ar,2026-11-24", "row 3, column coder_kind, .* a is called program"),
        ("A-2,security,=cmd(),human,0,summary_ar,2026-11-24", "row 3, column coder, .*is not a coder's name"),
        ("A-2,security,a,robot,0,summary_ar,2026-11-24", "row 3, column coder_kind"),
        ("A-2,security,a,program,0,summary_ar,yesterday", "row 3, column date"),
        ("A-2,security,a,program,0,body,2026-11-24", "row 3, column text"),
    ],
)
def test_a_wrong_row_of_codes_is_named(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "codes.csv"
    path.write_text(f"{HEADER}\nA-1,security,a,program,1,summary_ar,2026-11-24\n{line}\n")
    with pytest.raises(InputError, match=message):
        load_codes(path, ["A-1", "A-2"], ["security"])


def test_codes_are_written_sorted_and_read_back_the_same(tmp_path: Path) -> None:
    codes = [
        code("B-1", "security", "أمل", 1, "human", probability=0.123456789),
        code("A-1", "security", "Кодер", 0, "human"),
    ]
    save_codes(tmp_path / "codes.csv", codes)
    back = load_codes(tmp_path / "codes.csv", ["A-1", "B-1"], ["security"])
    assert back == sorted(codes, key=lambda c: c.doc_id)
    assert (tmp_path / "codes.csv").read_text(encoding="utf-8").splitlines()[1].endswith(",2026-11-24,1")


def test_consensus_is_the_majority_and_a_tie_counts_half() -> None:
    codes = [code("A", "f", c, v) for c, v in (("x", 1), ("y", 1), ("z", 0))]
    codes += [code("B", "f", "x", 1), code("B", "f", "y", 0), code("C", "f", "x", 0)]
    found = consensus(code_table(codes, ["A", "B", "C", "D"], ["f"]))
    assert found.values[:3, 0].tolist() == [1, 0.5, 0] and np.isnan(found.values[3, 0])
    assert found.disagreements == (("B", "f"),)


def test_the_mean_of_the_consensus_of_two_is_the_mean_of_their_prevalences() -> None:
    values = table_2x2(5, 4, 2, 9)
    codes = [code(f"D{i}", "f", c, int(row[k])) for i, row in enumerate(values) for k, c in enumerate("xy")]
    found = consensus(code_table(codes, [f"D{i}" for i in range(20)], ["f"]))
    assert found.values.mean() == pytest.approx((9 / 20 + 7 / 20) / 2)


def test_a_second_coding_under_the_same_name_is_refused() -> None:
    first = [code("A", "f", "amal", 1, "human")]
    with pytest.raises(InputError, match="has coded 1 of these documents already"):
        add_codes(first, [code("A", "f", "amal", 0, "human")])
    with pytest.raises(InputError, match="'amal' is human"):
        add_codes(first, [code("B", "f", "amal", 0, "program")])
    assert len(add_codes(first, [code("A", "f", "amal-2", 0, "human")])) == 2


# --- the draw


def test_every_document_is_drawn_with_the_same_known_probability() -> None:
    """With 12 of 30, over 4,000 seeds, each document comes 1,600 times, give or take 4.5 standard errors of 31."""
    events, blocs = [f"E{i % 4}" for i in range(30)], [f"b{i % 3}" for i in range(30)]
    ids = [f"D{i}" for i in range(30)]
    counts: Counter[str] = Counter()
    for seed in range(4000):
        drawn, probability = draw(ids, blocs, events, 12, seed)
        assert len(set(drawn)) == 12 and set(probability) == {0.4}
        counts.update(drawn)
    assert all(abs(counts[i] - 1600) < 4.5 * np.sqrt(4000 * 0.4 * 0.6) for i in ids)


@pytest.mark.parametrize("seed", range(20))
def test_strata_get_their_share_to_within_one(seed: int) -> None:
    generator = np.random.default_rng(seed)
    events = [f"E{i}" for i in generator.integers(5, size=97)]
    blocs = [f"b{i}" for i in generator.integers(3, size=97)]
    ids = [f"D{i}" for i in range(97)]
    drawn = set(draw(ids, blocs, events, 41, seed)[0])
    cells = list(zip(events, blocs, strict=True))
    for labels in (events, cells):
        for label, n in Counter(labels).items():
            taken = sum(d in drawn for d, x in zip(ids, labels, strict=True) if x == label)
            assert abs(taken - n * 41 / 97) < 1


def test_all_documents_or_too_many() -> None:
    assert sorted(draw(["a", "b"], ["x", "y"], ["E", "E"], 2, 0)[0]) == ["a", "b"]
    for n in (0, 3):
        with pytest.raises(InputError, match="cannot be drawn from 2"):
            draw(["a", "b"], ["x", "y"], ["E", "E"], n, 0)


# --- sheets

ITEMS = [
    Item("E1-001", "=1+1 قال الوزير إن الخط افتتح.", "ar", 0.5),
    Item("E1-002", "- أعلنت بيونغ يانغ التوقيع.", "ar", 0.5),
    Item("E1-003", "@ 평양은 조약에 서명했다.", "ko", 0.5),
]
FRAMES = [frame("security"), frame("economic", include="+ Code trade.")]


def fill(path: Path, **cells: object) -> None:
    book = load_workbook(path)
    for name, value in cells.items():
        book["coding"][name] = value
    book.save(path)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "sheet.xlsx"
    write_sheet(path, ITEMS, FRAMES, 7, "summary_ar")
    return path


def test_a_sheet_is_laid_out_for_arabic_and_offers_0_and_1(sheet: Path) -> None:
    coding = load_workbook(sheet)["coding"]
    assert coding.sheet_view.rightToLeft and coding.freeze_panes == "C2"
    assert [c.value for c in coding[1]] == ["id", "text", "security\nالأمن", "economic\nالأمن"]
    (rule,) = coding.data_validations.dataValidation
    assert (rule.type, rule.formula1, rule.formula2, str(rule.sqref)) == ("whole", "0", "1", "C2:D4")
    assert rule.showErrorMessage and rule.allow_blank
    by_text = {row[1].value: row[1].alignment for row in coding.iter_rows(min_row=2)}
    assert [by_text[i.text].horizontal for i in ITEMS] == ["right", "right", "left"]
    assert [by_text[i.text].readingOrder for i in ITEMS] == [2, 2, 1] and all(a.wrap_text for a in by_text.values())


def test_text_that_looks_like_a_formula_stays_text(sheet: Path) -> None:
    book = load_workbook(sheet)
    cells = [row[1] for row in book["coding"].iter_rows(min_row=2)] + [book["codebook"]["D3"]]
    assert sorted(c.value[0] for c in cells) == ["+", "-", "=", "@"]
    assert all(c.data_type == "s" and c.quotePrefix for c in cells)
    with zipfile.ZipFile(sheet) as parts:
        assert all(b"<f>" not in parts.read(name) for name in parts.namelist() if "worksheets" in name)


def test_the_codebook_stands_on_the_second_page(sheet: Path) -> None:
    rows = [[c.value for c in row] for row in load_workbook(sheet)["codebook"].iter_rows()]
    assert rows[0] == ["id", "name", "definition", "include", "exclude", "name_ar", "definition_ar"]
    assert rows[1] == ["security", "Security", "A danger.", "Code it.", "Not this.", "الأمن", "خطر."]


def test_a_sheet_of_the_shipped_corpus_does_not_tell_the_source(tmp_path: Path) -> None:
    config = load_config(ROOT)
    corpus = load_corpus(config)
    items = draw_items(corpus, 60, 7, "summary_ar")
    path = tmp_path / "s.xlsx"
    write_sheet(path, items, load_codebook(config.raw / "codebook.toml"), 7, "summary_ar")
    book = load_workbook(path)
    assert book.sheetnames == ["coding", "codebook"]
    shown = {str(c.value) for row in book["coding"].iter_rows() for c in row if c.value is not None}
    texts = {i.text for i in items}
    headers = {c.value for c in book["coding"][1]}
    ids = shown - texts - headers
    assert texts <= shown and len(ids) == 60 and all(re.fullmatch(r"T-[0-9a-f]{10}", i) for i in ids)
    order = [row[1].value for row in book["coding"].iter_rows(min_row=2)]
    assert order != [i.text for i in items]  # neither events nor blocs stand together
    with zipfile.ZipFile(path) as parts:
        everything = b"".join(parts.read(name) for name in parts.namelist()).decode("utf-8")
    for document in corpus.documents:
        assert document.doc_id not in everything and document.url not in everything


def test_the_key_links_ids_to_documents_with_their_probabilities(sheet: Path) -> None:
    assert key_path(sheet).name == "sheet.xlsx.key.csv"
    with key_path(sheet).open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert {r["doc_id"] for r in rows} == {i.doc_id for i in ITEMS}
    assert {(r["probability"], r["seed"], r["text"]) for r in rows} == {("0.5", "7", "summary_ar")}
    assert all(r["id"] == opaque_id(r["doc_id"], 7) != opaque_id(r["doc_id"], 8) for r in rows)


def test_a_sheet_is_never_written_over_another(sheet: Path) -> None:
    before = sheet.read_bytes()
    with pytest.raises(InputError, match="exists already, perhaps with codes in it"):
        write_sheet(sheet, ITEMS, FRAMES, 8, "summary_ar")
    assert sheet.read_bytes() == before


@pytest.mark.parametrize(("text", "message"), [("ب" * 32_768, "do not fit"), ("a\x07b", "control character")])
def test_a_text_that_no_cell_can_hold_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        write_sheet(tmp_path / "s.xlsx", [Item("E1-001", text, "ar", 1.0)], FRAMES, 7, "summary_ar")
    assert list(tmp_path.iterdir()) == []


def test_a_filled_sheet_comes_back_in_any_digits_and_blanks_are_counted(sheet: Path) -> None:
    fill(sheet, C2=1, D2="٠", C3=0.0, D3=" ", C4="۱")
    key = read_key(key_path(sheet))
    found = read_sheet(sheet, key, ["security", "economic"])
    ids = [c.value for c in load_workbook(sheet)["coding"]["A"]][1:]
    first, second, third = (key[i].doc_id for i in ids)
    assert found.codes == (
        (first, "security", "1"), (first, "economic", "0"), (second, "security", "0"), (third, "security", "1"),
    )  # fmt: skip
    assert found.n_blank == 2


@pytest.mark.parametrize("value", [2, 0.5, "yes", "نعم", True, "11"])
def test_anything_but_0_1_and_blank_names_its_cell(sheet: Path, value: object) -> None:
    fill(sheet, C2=1, C3=value)
    with pytest.raises(InputError, match=r"cell C3: .* is neither 0 nor 1"):
        read_sheet(sheet, read_key(key_path(sheet)), ["security", "economic"])


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"A3": "T-0000000000"}, r"A3: the id 'T-0000000000' is not in the key"),
        ({"A3": None, "C3": 1}, r"A3: the row has codes and no id"),
        ({"C1": "sekurity"}, r"C1: there is no frame 'sekurity'"),
        ({"D1": "security"}, r"D1: the frame 'security' has two columns"),
        ({"A1": "text"}, r"A1: the first column must be called id"),
    ],
)
def test_a_damaged_sheet_is_refused(sheet: Path, cells: dict[str, object], message: str) -> None:
    fill(sheet, **cells)
    with pytest.raises(InputError, match=message):
        read_sheet(sheet, read_key(key_path(sheet)), ["security", "economic"])


def test_a_file_that_is_no_sheet_is_refused(tmp_path: Path, sheet: Path) -> None:
    key = read_key(key_path(sheet))
    (tmp_path / "text.xlsx").write_text("not a workbook")
    Workbook().save(tmp_path / "other.xlsx")
    with zipfile.ZipFile(tmp_path / "zip.xlsx", "w") as parts:
        parts.writestr("[Content_Types].xml", "<broken")
    wrong = {"none": "no such file", "text": "not an XLSX", "zip": "not an XLSX", "other": "has no sheet 'coding'"}
    for name, message in wrong.items():
        with pytest.raises(InputError, match=message):
            read_sheet(tmp_path / f"{name}.xlsx", key, ["security"])
    with pytest.raises(InputError, match="is not a key"):
        read_key(tmp_path / "text.xlsx")
    with pytest.raises(InputError, match="there is no key"):
        read_key(tmp_path / "none.csv")


# --- prevalence corrected for the errors of labels


def test_with_everything_coded_the_corrected_share_is_the_coded_share() -> None:
    codes = np.array([1.0] * 7 + [0.0] * 13)
    labels = np.random.default_rng(0).integers(0, 2, 20).astype(float)
    (found,) = corrected_share(labels, codes, np.ones(20))
    assert found.share == pytest.approx(0.35) and found.n_coded == 20
    assert found.error == pytest.approx(codes.std(ddof=1) / np.sqrt(20))


def test_the_corrected_share_by_hand() -> None:
    """Half of 20 are drawn; 3 of these 10 labels of 1 are coded 0: (20 * 1 - 3 / 0.5) / 20 = 0.7."""
    codes = np.array([0.0] * 3 + [1.0] * 7 + [NAN] * 10)
    (found,) = corrected_share(np.ones(20), codes, np.full(20, 0.5))
    assert (found.naive, found.share) == (1.0, pytest.approx(0.7))


def test_the_naive_share_is_off_and_the_corrected_one_is_not() -> None:
    """30 % carry the frame; labels miss 10 % of these and invent 25 % of the rest; marked ones are drawn more."""
    generator = np.random.default_rng(11)
    truth, naive, shares, covered = 0.3, [], [], []
    for _ in range(1000):
        real = generator.random(800) < truth
        labels = np.where(real, generator.random(800) > 0.1, generator.random(800) < 0.25).astype(float)
        probability = np.where(labels == 1, 0.3, 0.12)
        codes = np.where(generator.random(800) < probability, real.astype(float), NAN)
        (found,) = corrected_share(labels, codes, probability)
        assert found.share is not None and found.low is not None and found.high is not None
        naive.append(found.naive)
        shares.append(found.share)
        covered.append(found.low <= truth <= found.high)
    assert np.mean(naive) == pytest.approx(0.3 * 0.9 + 0.7 * 0.25, abs=0.005)  # 0.445, not 0.3
    assert abs(np.mean(shares) - truth) < 3 * np.std(shares) / np.sqrt(1000)
    assert 0.93 <= np.mean(covered) <= 0.97


def test_a_group_with_few_codes_gets_a_reason_and_no_share() -> None:
    codes = np.array([1.0] * 12 + [0.0] * 3 + [NAN] * 5)
    found = corrected_share(np.ones(20), codes, np.full(20, 0.75), ["ar"] * 12 + ["ko"] * 8)
    assert [f.group for f in found] == ["all", "ar", "ko"]
    assert found[1].share == pytest.approx(1.0) and found[2].share is None
    assert found[2].reason == "3 coded documents; 10 are needed"


@pytest.mark.parametrize(
    ("labels", "codes", "probability", "message"),
    [
        ([0.0, 1.0], [1.0], [1.0, 1.0], "1 codes for 2 labels"),
        ([0.0, NAN], [1.0, 1.0], [1.0, 1.0], "a label is missing"),
        ([0.0, 1.0], [1.0, 2.0], [1.0, 1.0], "a code is not in"),
        ([0.0, 1.0], [1.0, 1.0], [1.0, 0.0], "no probability"),
        ([], [], [], "there is no document"),
    ],
)
def test_wrong_input_to_the_correction_is_refused(
    labels: list[float], codes: list[float], probability: list[float], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        corrected_share(np.array(labels), np.array(codes), np.array(probability))


# --- confusion


def test_the_confusion_of_labels_with_the_consensus_by_hand() -> None:
    truth = {"A": (1, 1), "B": (1, 1), "C": (0, 0), "D": (0, 0), "E": (1, 0), "F": None}
    codes = [code(d, "f", c, v) for d, values in truth.items() if values for c, v in zip("xy", values, strict=True)]
    coded = consensus(code_table(codes, list(truth), ["f"]))
    labels = np.array([[1], [0], [1], [0], [1], [1]])
    scores = np.array([[0.9], [0.2], [0.5], [0.1], [0.5], [0.7]])
    rows = confusion(coded, labels, scores, ["ar", "ar", "ko", "ko", "ar", "ar"])
    assert [r.language for r in rows] == ["all", "ar", "ko"]
    found = rows[0]
    assert (found.n_documents, found.tp, found.fp, found.fn, found.tn) == (5, 1.5, 1.5, 1, 1)
    assert (found.precision, found.recall) == (0.5, 0.6) and found.f1 == pytest.approx(3 / 5.5)
    # positives 0.9, 0.2 and half of 0.5; negatives 0.5, 0.1 and half of 0.5:
    # 0.9 beats all 2.5; 0.2 beats 1; 0.5 ties 1.5, beats 1: (2.5 + 1 + 0.5 * 1.75) / (2.5 * 2.5)
    assert found.auc == pytest.approx((2.5 + 1 + 0.5 * 1.75) / 6.25)
    korean = rows[2]
    assert (korean.recall, korean.auc, korean.precision) == (None, None, 0.0)


def test_auc_is_the_share_of_pairs_in_order() -> None:
    assert auc(np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.1, 0.4, 0.35, 0.8])) == pytest.approx(0.75)


def test_labels_that_do_not_fit_the_codes_are_refused() -> None:
    coded = consensus(code_table([code("A", "f", "x", 1)], ["A"], ["f"]))
    with pytest.raises(InputError, match=r"labels have the shape \(2, 1\), the codes \(1, 1\)"):
        confusion(coded, np.ones((2, 1)))
    with pytest.raises(InputError, match="labels must be 0 or 1"):
        confusion(coded, np.full((1, 1), 0.4))


# --- the shipped codes


def test_two_passes_of_a_program_cover_the_whole_corpus() -> None:
    config = load_config(ROOT)
    documents = [d.doc_id for d in load_corpus(config).documents]
    frames = [f.id for f in load_codebook(config.raw / "codebook.toml")]
    codes = load_codes(config.raw / "codes.csv", documents, frames)
    cells = {(c.doc_id, c.frame, c.coder) for c in codes}
    assert cells == {(d, f, c) for d in documents for f in frames for c in ("pass-a", "pass-b")}
    assert {(c.coder_kind, c.text, c.probability) for c in codes} == {("program", "summary_ar", 1.0)}
    order = [(c.doc_id, c.frame, c.coder) for c in codes]
    assert order == sorted(order)
    text = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    assert f"| `codes.csv` | {len(codes)} |" in text and f"| `codebook.toml` | {len(frames)} frames" in text
    assert "**No human has coded.**" in text


def test_the_section_says_that_no_human_has_coded_until_one_has() -> None:
    config = load_config(ROOT)
    documents = load_corpus(config).documents
    frames = [f.id for f in load_codebook(config.raw / "codebook.toml")]
    codes = load_codes(config.raw / "codes.csv", [d.doc_id for d in documents], frames)
    found = codes_section(codes, documents, frames, n_bootstrap=99)
    assert found["human"] is False and found["note"] == NO_HUMAN and found["coder_kinds"] == ["program"]
    assert [row["frame"] for row in found["frames"]] == frames
    assert [(c["coder"], c["n_documents"]) for c in found["coders"]] == [("pass-a", 241), ("pass-b", 241)]
    languages = Counter(d.language for d in documents)
    for row in found["frames"]:
        assert row["n_documents"] == len(documents) and set(row["prevalence"]) == {"pass-a", "pass-b"}
        assert set(row["languages"]) == {x for x, n in languages.items() if n >= 20}
        assert row["percent"] == pytest.approx(1 - row["n_disagreements"] / len(documents))
    assert sum(row["n_disagreements"] for row in found["frames"]) == found["n_disagreements"] > 0
    human = codes_section([*codes, code(documents[0].doc_id, frames[0], "أمل", 1, "human")], documents, frames, 99)
    assert human["human"] is True and human["note"] == "" and human["coder_kinds"] == ["human", "program"]


# --- the commands

CODEBOOK = "".join(
    f'[[frames]]\nid = "{name}"\nname = "{name}"\nname_ar = "إطار"\ndefinition = "d"\nanchors.en = ["x"]\n'
    for name in ("security", "economic")
)


@pytest.fixture
def coded_study(tmp_path: Path, small_documents: list[dict[str, object]]) -> Path:
    root = write_study(tmp_path / "study", small_documents)
    (root / "data" / "raw" / "codebook.toml").write_text(CODEBOOK, encoding="utf-8")
    return root


@pytest.mark.parametrize("command", ["sheet", "import", "agreement"])
def test_help_of_each_command_has_an_example(command: str) -> None:
    found = call("codes", command, "--help")
    assert found.returncode == 0 and f"Example: crossframe codes {command}" in found.stdout


def test_a_sheet_goes_out_comes_back_and_is_compared(coded_study: Path, tmp_path: Path) -> None:
    made = call("codes", "sheet", str(coded_study), "--n", "12", "--seed", "3", "--out", "s.xlsx", cwd=tmp_path)
    assert made.returncode == 0 and made.stdout == "s.xlsx\n" and "probability 0.5000 each" in made.stderr
    fill(tmp_path / "s.xlsx", **{f"C{i}": i % 2 for i in range(2, 14)}, D2=1)
    take = ("codes", "import", "s.xlsx", str(coded_study), "--kind", "human", "--date", "2026-12-01")
    first = call(*take, "--coder", "Amal", cwd=tmp_path)
    assert first.returncode == 0 and "13 codes of 12 documents added; 11 of 24 cells blank" in first.stderr
    again = call(*take, "--coder", "Amal", cwd=tmp_path)
    assert again.returncode == 2 and "has coded 12 of these documents already" in again.stderr
    fill(tmp_path / "s.xlsx", C3=0)
    assert call(*take, "--coder", "Лев", cwd=tmp_path).returncode == 0
    path = coded_study / "data" / "raw" / "codes.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 26 and {r["coder"] for r in rows} == {"Amal", "Лев"}
    assert {(r["coder_kind"], r["probability"], r["date"]) for r in rows} == {("human", "0.5", "2026-12-01")}
    before = path.read_bytes()
    found = call("codes", "agreement", str(coded_study))
    lines = [line.split("\t") for line in found.stdout.splitlines()]
    assert lines[0] == ["frame", "language", "n", "prevalence", "percent", "alpha", "ac1"]
    assert lines[1][:5] == ["security", "all", "12", "0.500 0.417", "0.917"]
    assert re.fullmatch(r"0\.\d{3} \[-?\d\.\d{3}, 1\.000\]", lines[1][5])
    assert "Amal (human), Лев (human)" in found.stderr and NO_HUMAN not in found.stderr
    assert path.read_bytes() == before
    none = call("codes", "agreement", str(coded_study), "--kind", "program")
    assert none.returncode == 2 and "no coder is program" in none.stderr


def test_a_wrong_cell_adds_nothing(coded_study: Path, tmp_path: Path) -> None:
    call("codes", "sheet", str(coded_study), "--n", "12", "--out", "s.xlsx", cwd=tmp_path)
    fill(tmp_path / "s.xlsx", C2=1, C7="نعم")
    take = ("codes", "import", "s.xlsx", str(coded_study), "--kind", "human", "--coder")
    found = call(*take, "Amal", cwd=tmp_path)
    assert found.returncode == 2 and "cell C7: 'نعم' is neither 0 nor 1" in found.stderr
    assert "Traceback" not in found.stderr and not (coded_study / "data" / "raw" / "codes.csv").exists()
    fill(tmp_path / "s.xlsx", C7=None)
    named = call(*take, "=Amal", cwd=tmp_path)
    assert named.returncode == 2 and "is not a coder's name" in named.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("sheet", "--n", "25", "--out", "s.xlsx"), "25 documents cannot be drawn from 24"),
        (("sheet", "--n", "5", "--out", "s.csv"), "is not the name of an .xlsx file"),
        (("sheet", "--n", "5", "--out", "s.xlsx", "--text", "body"), "'body' is not known"),
        (("import", "s.xlsx", "--coder", "A", "--kind", "human"), "there is no key to the sheet"),
        (("import", "s.xlsx", "--coder", "A", "--kind", "robot"), "'robot' is not known"),
        (("agreement",), "codes.csv"),
    ],
)
def test_a_wrong_call_of_codes_ends_with_2(
    coded_study: Path, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    before = sorted(p.name for p in tmp_path.iterdir())
    found = call("codes", *arguments, str(coded_study), cwd=tmp_path)
    assert found.returncode == 2 and message in found.stderr and "Traceback" not in found.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == before


def test_validate_reads_the_codes_too(coded_study: Path) -> None:
    path = coded_study / "data" / "raw" / "codes.csv"
    path.write_text(f"{HEADER}\nZ-9,security,a,program,1,summary_ar,2026-11-24\n")
    found = call("validate", str(coded_study))
    assert found.returncode == 2 and "codes.csv, row 2, column doc_id, value 'Z-9'" in found.stdout
