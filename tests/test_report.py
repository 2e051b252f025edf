"""The PDF reports: in both languages, tagged, short, and without a number that results.json does not hold."""

import io
import json
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typst
from pypdf import PdfReader
from pypdf.generic import ContentStream

import crossframe.pipeline
from conftest import BLOCS, ROOT, HashEncoder, document, write_study
from crossframe.config import load_config
from crossframe.headlines import finding, headlines
from crossframe.memo import Memo
from crossframe.numerals import Numerals
from crossframe.pipeline import run
from crossframe.publish import draw
from crossframe.report import STANDARD, Language, compile_pdf, laid_out
from pdfs import pages_of, without_paths

REPORTS = ROOT / "reports"
TEMPLATES = ROOT / "src" / "crossframe" / "templates"
LANGUAGES: list[Language] = ["en", "ar"]
EVERY: list[tuple[Language, Numerals]] = [("en", "latin"), ("ar", "latin"), ("ar", "arabic-indic")]
FEW = """
[encoder]
models = ["hash"]
[space]
language_directions = 0
[clusters]
k_max = 4
[map]
n_neighbors = 4
[contrasts]
n_permutations = 199
n_bootstrap = 99
primary = [["east", "west"]]
[robust]
n_placebo = 20
placebo_permutations = 99
n_power = 20
power_sizes = [0.0, 0.1]
"""
Report = tuple[dict[str, Any], dict[str, dict[str, bytes]]]  # results, and the figures of each language


@pytest.fixture(scope="module")
def shipped() -> Report:
    results = json.loads((REPORTS / "results.json").read_text(encoding="utf-8"))
    found = sorted((REPORTS / "figures").glob("*.svg"))
    return results, {
        "en": {p.stem: p.read_bytes() for p in found if not p.stem.endswith(".ar")},
        "ar": {p.stem.removesuffix(".ar"): p.read_bytes() for p in found if p.stem.endswith(".ar")},
    }


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A study of four events and two blocs, three documents of each, with no codebook and no voices."""
    folder = tmp_path_factory.mktemp("small")
    numbered = enumerate(((e, f"{b}-{i}") for e in "ABCD" for b in BLOCS for i in range(3)), start=1)
    study = write_study(folder, [document(n, event, outlet) for n, (event, outlet) in numbered], FEW)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CROSSFRAME_CACHE", str(folder / "cache"))
        patch.setattr(crossframe.pipeline, "load_encoder", lambda name, precision="fp32": HashEncoder())
        outcome = run(load_config(study), Memo(enabled=False))
        return outcome.results, draw(outcome, folder / "figures", Memo(enabled=False))


# ---- what is printed: every run of glyphs by itself, so that no two numbers run together


def letters(font: Any) -> dict[int, str]:
    """Glyph number -> letters, from the font's ToUnicode map."""
    table = font["/ToUnicode"].get_data().decode("latin-1")
    out = {}

    def text(code: str) -> str:
        return bytes.fromhex(code).decode("utf-16-be")

    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.S):
        for glyph, code in re.findall(r"<(\w+)>\s*<(\w+)>", block):
            out[int(glyph, 16)] = text(code)
    for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.S):
        for first, last, code in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            for i in range(int(first, 16), int(last, 16) + 1):
                out[i] = chr(ord(text(code)) + i - int(first, 16))
    return out


def runs(pdf: bytes) -> Iterator[list[str]]:
    """The runs of each page in the order of the page; digits stand from left to right in either language."""
    reader = without_paths(pdf)
    for page in reader.pages:
        fonts = {name: letters(font.get_object()) for name, font in page["/Resources"].get("/Font", {}).items()}
        known: dict[int, str] = {}
        found = []
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            if operator == b"Tf":
                known = fonts[operands[0]]
            elif operator in {b"Tj", b"TJ"}:
                parts = operands[0] if operator == b"TJ" else operands
                data = b"".join(
                    p.original_bytes if hasattr(p, "original_bytes") else bytes(p)
                    for p in parts
                    if not isinstance(p, (int, float))
                )
                found.append("".join(known.get(int.from_bytes(data[i : i + 2]), "?") for i in range(0, len(data), 2)))
        yield found


WESTERN = str.maketrans("٠١٢٣٤٥٦٧٨٩٫", "0123456789.")
NUMBER = re.compile(r"(?<![A-Za-z0-9.\-])(?:\d+(?:\.\d+)?|\.\d+)(?![A-Za-z0-9])")
REFERENCES = {"en": "References", "ar": "المراجع"}
# what the prose says in figures: levels, names of methods and licences, anchors of a scale
LEVELS = {"95", "5", ".05", "0.05", ".5", "0.5", "0", "1", "2.0", "4.0"}
# what begins a heading or a caption, what stands alone: numbers of sections, figures, tables and pages, at most 20
STRUCTURE = re.compile(
    r"^(?:\d{1,2}\.(?:\d\.)?(?=\s|$)|(?:Figure|Table|شكل|جدول)[\s\u00a0]*\d{1,2}:)|^\W*(?:page|section|ص)?\W*(?:1?\d|20|[35]\.[12])\W*$"
)


def printed(pdf: bytes, language: Language) -> set[str]:
    """The numbers of the report as they are printed, the references left out."""
    out: set[str] = set()
    heading = REFERENCES[language]
    for page in runs(pdf):
        joined = [run.translate(WESTERN) for run in page]
        stop = next((i for i, run in enumerate(joined) if heading in (run, run[::-1])), None)
        text = [STRUCTURE.sub(" ", run.strip()) for run in joined[:stop]]
        out |= {number for run in text for number in NUMBER.findall(run)}
        if stop is not None:
            break
    return out


# ---- what may be printed


def marked(source: Any) -> list[dict[str, Any]]:
    """Every number that the template prints by its helpers: the value in the results, and how it is shown."""
    found = typst.query(str(source.path), "<number>", field="value", **source.options())
    return list(json.loads(found))


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from (leaf for v in value.values() for leaf in leaves(v))
    elif isinstance(value, list):
        yield from (leaf for v in value for leaf in leaves(v))
    else:
        yield value


def strings(value: Any) -> Iterator[str]:
    """Text of the results that is printed as it stands; addresses are not."""
    if isinstance(value, dict):
        yield from (s for k, v in value.items() if k != "url" for s in strings(v))
    elif isinstance(value, list):
        yield from (s for v in value for s in strings(v))
    elif isinstance(value, str):
        yield value


def faults(
    report: Report, language: Language, numerals: Numerals, spoil: Callable[[Path], None] = lambda root: None
) -> set[str]:
    """The numbers that the report prints and must not; `spoil` may change the templates first."""
    results, pictures = report
    with laid_out(results, pictures[language], language, numerals) as source:
        spoil(source.path.parent)
        shown = marked(source)
        pdf = typst.compile(str(source.path), pdf_standards=[STANDARD], **source.options())
    numbers = {float(x) for x in leaves(results) if isinstance(x, (int, float)) and not isinstance(x, bool)}
    dates = {part.lstrip("0") for s in strings(results) if re.fullmatch(r"[\d-]+", s) for part in s.split("-")}
    wrong = {str(m["value"]) for m in shown if not from_results(m, numbers, dates)}
    told = [results[k] for k in ("study", "corpus", "events_told", "evidence", "frames", "voices")]
    quoted = {n for s in strings(told) for n in NUMBER.findall(s.translate(WESTERN))}
    allowed = {m["shown"].lstrip("−") for m in shown} | quoted | LEVELS
    return wrong | (printed(bytes(pdf), language) - allowed)


def from_results(mark: dict[str, Any], numbers: set[float], dates: set[str]) -> bool:
    """Say whether a marked number is in the results and is shown as it is, or as a share of 100, but for rounding."""
    value, shown = mark["value"], mark["shown"].replace("−", "-")
    if isinstance(value, str):
        return (value.lstrip("0") in dates and shown == value.lstrip("0")) or (value in dates and shown == value)
    places = len(shown.partition(".")[2])
    near = 0.5 * 10**-places + 1e-9
    return float(value) in numbers and any(abs(float(shown) - k * value) <= near for k in (1, 100))


@pytest.mark.parametrize(("language", "numerals"), EVERY)
def test_the_shipped_report_prints_no_number_that_is_not_in_the_results(
    shipped: Report, language: Language, numerals: Numerals
) -> None:
    assert faults(shipped, language, numerals) == set()


def add(chapter: str, text: str) -> Callable[[Path], None]:
    def spoil(root: Path) -> None:
        path = root / chapter
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")

    return spoil


def test_a_small_study_prints_no_foreign_number_and_one_that_is_added_is_found(small: Report) -> None:
    for language, numerals in EVERY:
        assert faults(small, language, numerals) == set()
        plain = add("pairs.typ", "\nIn words 0.8731 and 4711.")
        assert faults(small, language, numerals, plain) == {"0.8731", "4711"}
        computed = add("pairs.typ", "\n#num(r.permanova.r2 + 0.31, places: 3)")
        assert len(faults(small, language, numerals, computed)) == 1
        misshown = add("pairs.typ", '\n#marked(r.permanova.r2, "0.999")0.999')
        assert faults(small, language, numerals, misshown) == {str(small[0]["permanova"]["r2"])}
    prose = add("words.en.toml", '\n[more]\nx = "some 61.7 of them"\n')
    use = add("closing.typ", '\n#say("more.x")')
    assert faults(small, "en", "latin", lambda root: (prose(root), use(root), None)[2]) == {"61.7"}


def test_most_foreign_numbers_would_be_found_in_the_shipped_report(shipped: Report) -> None:
    """Nine in ten numbers of three decimals between 0 and 1 stand nowhere in the report, so adding one fails."""
    with laid_out(shipped[0], shipped[1]["en"], "en", "latin") as source:
        shown = {m["shown"].lstrip("−") for m in marked(source)}
    assert sum(f"{i / 1000:.3f}" in shown for i in range(1000)) < 100


# ---- the file


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_committed_reports_are_what_the_code_makes_of_the_committed_results(
    shipped: Report, language: Language
) -> None:
    results, pictures = shipped
    numerals = load_config(ROOT).report.numerals
    pdf = compile_pdf(results, pictures[language], language, numerals)
    assert pdf == (REPORTS / f"russia-dprk.{language}.pdf").read_bytes()
    assert len(PdfReader(io.BytesIO(pdf)).pages) <= 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_stands_in_the_report_with_a_text_for_who_cannot_see_it(
    shipped: Report, language: Language
) -> None:
    results, pictures = shipped
    reader = PdfReader(io.BytesIO(compile_pdf(results, pictures[language], language)))
    alts = [str(e["/Alt"]) for e in structure(reader) if e.get("/S") == "/Figure"]
    assert sorted(alts) == sorted(f[language]["alt"] for f in results["figures"]) and len(alts) == len(
        pictures[language]
    )


def structure(reader: PdfReader) -> Iterator[Any]:
    """Every element of the structure tree."""
    waiting = [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop().get_object()
        if isinstance(element, dict):
            yield element
            children = element.get("/K", [])
            children = children.get_object() if hasattr(children, "get_object") else children
            waiting += list(children) if isinstance(children, list) else [children]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_is_a_tagged_pdf_that_names_its_language_and_repeats_byte_for_byte(
    small: Report, language: Language
) -> None:
    results, pictures = small
    pdf = compile_pdf(results, pictures[language], language)
    assert pdf == compile_pdf(results, pictures[language], language)
    reader = PdfReader(io.BytesIO(pdf))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == language
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    metadata = root["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1<" in metadata and "CreateDate" not in metadata
    assert reader.metadata is not None and "/CreationDate" not in reader.metadata
    assert reader.metadata.title == results["study"][f"title_{language}"]
    kinds = [str(e.get("/S")) for e in structure(reader)]
    assert {"/TH", "/TD", "/Figure", "/Caption", "/H1", "/Link"} <= set(kinds)
    assert kinds.count("/Figure") == len(pictures[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_fonts_are_in_the_file_and_come_from_packages(small: Report, language: Language) -> None:
    results, pictures = small
    names = set()
    for page in PdfReader(io.BytesIO(compile_pdf(results, pictures[language], language))).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            names.add(str(font.get_object()["/BaseFont"]))
    assert all(re.match(r"/[A-Z]{6}\+(NotoSans|Amiri|DejaVuSansMono)", n) for n in names), names
    assert any("Amiri" in n for n in names)


def test_arabic_can_be_searched_and_copied(shipped: Report) -> None:
    """98 of 100 Arabic words of the events' titles, descriptions and sentences stand whole and in logical order.

    What does not hold by this reader: the order of words in lines that mix numbers and Arabic, and blanks
    beside numbers. Letters with vowel signs are doubled, so the words of the report have none.
    """
    results, pictures = shipped
    text = unicodedata.normalize("NFKC", " ".join(pages_of(compile_pdf(results, pictures["ar"], "ar"))))
    told = " ".join(
        " ".join([e["title_ar"], e["description_ar"], *(e[side]["sentence"]["text_ar"] for side in ("a", "b"))])
        for e in results["events_told"]
    )
    words = set(re.findall(r"[\u0621-\u064a]{3,}", told))
    missing = {w for w in words if w not in text}
    assert len(words) > 400 and len(missing) <= len(words) / 50, missing
    assert {"معاهدة", "بيونغ", "الروسي", "الشراكة"} <= words - missing


def test_an_arabic_page_runs_from_right_to_left(small: Report) -> None:
    """The first column of a table stands at the right: the header of the first further right than the last's."""
    results, pictures = small
    places: dict[str, float] = {}

    def note(text: str, matrix: list[float], *_: Any) -> None:
        for word in ("النتيجة", "الدليل"):
            if text.strip() == word:
                places.setdefault(word, matrix[4])

    without_paths(compile_pdf(results, pictures["ar"], "ar")).pages[0].extract_text(visitor_text=note)
    assert places["النتيجة"] > places["الدليل"]


# ---- words and claims


def test_both_languages_have_the_same_words() -> None:
    tables = {code: tomllib.loads((TEMPLATES / f"words.{code}.toml").read_text(encoding="utf-8")) for code in LANGUAGES}
    english, arabic = (
        {(part, name) for part, names in tables[code].items() for name in names} for code in LANGUAGES
    )  # fmt: skip
    assert english == arabic
    for part, name in english - {("page", "months"), ("page", "keywords")}:
        a, b = tables["en"][part][name], tables["ar"][part][name]
        if isinstance(a, str):
            optional = {"#reason"}
            assert set(re.findall(r"#[a-z-]+", a)) - optional == set(re.findall(r"#[a-z-]+", b)), (part, name)
    vowels = re.findall(r"[\u064b-\u0652]", (TEMPLATES / "words.ar.toml").read_text(encoding="utf-8"))
    assert vowels == []


def test_the_first_page_gives_the_claims_and_says_who_wrote_and_who_did_not_code(shipped: Report) -> None:
    results, pictures = shipped
    first = " ".join(pages_of(compile_pdf(results, pictures["en"], "en"))[0].split())
    assert "machine-written and no human has edited or coded" in first
    for claim in results["headlines"]["claims"]:
        assert f"{claim['effect']:.3f} {claim['low']:.3f} to {claim['high']:.3f}" in first
    assert first.count("see in the explorer") == len(results["headlines"]["claims"])


def a_pair(**changes: Any) -> dict[str, Any]:
    row = {
        "bloc_a": "a", "bloc_b": "b", "effect": 0.2, "low": 0.1, "high": 0.3, "common": 0.1, "p": 0.01,
        "p_corrected": 0.02, "correction": "holm", "family": "primary", "by_event": [{"event": "E in ar"}],
    }  # fmt: skip
    return row | changes


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [({}, "common"), ({"p_corrected": 0.06}, "varying"), ({"p_corrected": 0.06, "low": -0.01}, "unclear"),
     ({"p_corrected": 0.06, "low": None}, "unclear")],
)  # fmt: skip
def test_a_claim_says_no_more_than_its_test(changes: dict[str, Any], wanted: str) -> None:
    assert finding(a_pair(**changes)) == wanted


def test_claims_are_the_primary_pairs_or_else_the_largest() -> None:
    empty = {"robust": {"specifications": {"primary": []}}, "evidence": [], "events_told": [{}]}
    refused = a_pair(bloc_b="c", p=None, p_corrected=None, effect=None, by_event=[])
    told = headlines({"contrasts": [a_pair(), refused, a_pair(bloc_b="d", family="exploratory")], **empty})
    assert [(c["bloc_a"], c["bloc_b"]) for c in told["claims"]] == [("a", "b")]
    assert (told["n_pairs"], told["n_identifiable"], told["n_primary"], told["n_primary_refused"]) == (3, 2, 2, 1)
    assert told["claims"][0]["events"] == ["E"] and told["claims"][0]["share_positive"] is None
    pairs = [a_pair(family="exploratory", effect=e, bloc_b=str(e)) for e in (0.1, 0.3, 0.2)]
    assert [c["effect"] for c in headlines({"contrasts": pairs, **empty})["claims"]] == [0.3, 0.2, 0.1]


def test_events_are_told_with_two_blocs_a_sentence_of_each_and_the_rule_that_chose_them(small: Report) -> None:
    results, _pictures = small
    assert [e["event_id"] for e in results["events_told"]] == ["A", "B", "C", "D"]
    distances = {e["event"]: e["distance"] for e in results["contrasts"][0]["by_event"]}
    for event in results["events_told"]:
        assert event["rule"] == "line" and event["pair"]["distance"] == distances[event["event_id"]]
        assert {event["a"]["bloc"], event["b"]["bloc"]} == {"east", "west"}
        assert [b["n_documents"] for b in event["blocs"]] == [3, 3] and event["description_ar"] == "ما جرى."
        for side in ("a", "b"):
            sentence = event[side]["sentence"]
            assert sentence["doc_id"].startswith(event["event_id"]) and sentence["text_ar"] and sentence["text_en"]


def test_an_event_without_a_testable_pair_shows_the_furthest_sentences_and_says_so(
    tmp_path: Path, cache: Path, small_documents: list[dict[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crossframe.pipeline, "load_encoder", lambda name, precision="fp32": HashEncoder())
    kept = [d for d in small_documents if d["event_id"] != "D" or str(d["outlet_id"]).endswith("-0")]
    kept.append(next(d for d in small_documents if d["event_id"] == "D" and d["outlet_id"] == "east-1"))
    outcome = run(load_config(write_study(tmp_path / "s", kept, FEW)), Memo(enabled=False))
    last = outcome.results["events_told"][-1]
    assert (last["event_id"], last["pair"], last["rule"]) == ("D", None, "furthest")
    assert (last["a"]["bloc"], last["b"]["bloc"]) == ("east", "west")
    text = " ".join(" ".join(pages_of(compile_pdf(outcome.results, {}, "en"))).split())
    assert "No pair can be compared; no test stands behind the two sentences." in text
