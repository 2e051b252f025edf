"""The explorer in a real browser: it opens from disk, computes the study's numbers, and lets nothing in."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pypdf import PdfReader

from browser import Page, browser_path, chromium
from conftest import ROOT, HashEncoder, document, write_study
from crossframe import explorer
from crossframe.explorer_data import explorer_data
from crossframe.new import new_study
from crossframe.pipeline import Outcome
from crossframe.text import match_form
from explorer_outcome import quick_outcome, shipped_outcome
from test_pipeline import SETTINGS

pytestmark = pytest.mark.skipif(browser_path() is None, reason="there is no Chromium to open the page in")
HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script><!--<script> \u2028 ]]> &amp; \u202e"
SCRIPT_URL = "javascript:alert(3)"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with chromium(tmp_path_factory.mktemp("profile")) as page:
        yield page


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return shipped_outcome()


@pytest.fixture(scope="module")
def html(outcome: Outcome, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reports") / "explorer.html"
    explorer.write(outcome, path)
    return path


@pytest.fixture
def page(browser: Page, html: Path) -> Iterator[Page]:
    browser.size(1440, 900)
    browser.open(html)
    yield browser
    assert browser.errors == []


def shown(page: Page) -> list[str]:
    """Ids of the documents in the list, whatever part of it is drawn."""
    return list(page.js("(() => { const x = crossframe; return x.data.documents.filter((d, i) => x.shown().includes(i))"
                        ".map((d) => d.id) })()"))  # fmt: skip


def test_it_opens_from_disk_without_an_error_or_a_request(page: Page, html: Path, outcome: Outcome) -> None:
    assert page.requests == [html.as_uri()]
    assert html.stat().st_size < explorer.LIMIT
    assert page.js("document.querySelector('#list li').getAttribute('aria-setsize')") == "230"
    assert "230 of 230" in page.text("#count")
    assert page.js("crossframe.places().filter(Boolean).length") == len(outcome.study.documents)
    page.click("#view-how")
    assert page.js("crossframe.places().filter(Boolean).length") == len(outcome.study.matched)
    assert "13 documents have no place here" in page.text("#map-help")


def test_its_policy_lets_in_its_own_script_and_style_alone(page: Page) -> None:
    policy = page.js("document.querySelector('meta[http-equiv]').content")
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    page.js("document.head.append(Object.assign(document.createElement('script'), {text: 'window.let_in = 1'}))")
    assert page.js("window.let_in === undefined")
    assert any("Content Security Policy" in error for error in page.errors)
    page.errors.clear()


def test_the_same_outcome_gives_the_same_bytes(html: Path, outcome: Outcome) -> None:
    assert explorer.page_that_fits(outcome).encode("utf-8") == html.read_bytes()


def test_distances_and_refusals_are_the_study_s(page: Page, outcome: Outcome) -> None:
    found = page.js("crossframe.data.contrasts.map((c) => crossframe.compare(crossframe.ofBloc(c.bloc_a), "
                    "crossframe.ofBloc(c.bloc_b)))")  # fmt: skip
    pairs = outcome.results["contrasts"]
    assert len(found) == len(pairs) == 55
    for row, pair in zip(found, pairs, strict=True):
        assert (row["refusal"] is None) == (pair["refusal"] is None), pair
        assert row["nEvents"] == pair["n_events"]
        assert (row["usedA"], row["usedB"]) == (pair["n_documents_a"], pair["n_documents_b"])
        if pair["refusal"] is None:
            assert row["effect"] == pytest.approx(pair["effect"], abs=1e-4)
            expected = {e["event"]: e["distance"] for e in pair["by_event"]}
            assert {e["key"]: e["distance"] for e in row["byEvent"]} == pytest.approx(expected, abs=3e-4)
        else:
            assert re.findall(r"\d+", pair["refusal"])[0] == str(row["refusal"]["n"])


def test_marking_terms_of_a_bloc_against_the_rest_are_the_study_s(page: Page, outcome: Outcome) -> None:
    for bloc, terms in outcome.results["terms"].items():
        found = page.js(f"(() => {{ const x = crossframe, own = x.ofBloc('{bloc}'); const rest = x.data.documents"
                        ".flatMap((d, i) => x.data.blocs[d.bloc].compare && !own.includes(i) ? [i] : []);"
                        "return x.markingTerms(own, rest) })()")  # fmt: skip
        assert [t["term"] for t in found] == [t["term"] for t in terms], bloc
        assert [t["nDocuments"] for t in found] == [t["n_documents"] for t in terms]
        np.testing.assert_allclose([t["z"] for t in found], [t["z"] for t in terms], atol=1e-3)
        np.testing.assert_allclose([t["logOdds"] for t in found], [t["log_odds"] for t in terms], atol=1e-3)


def test_contrasting_sentences_are_the_study_s(page: Page, outcome: Outcome) -> None:
    for row in outcome.results["evidence"]:
        found = page.js(f"(() => {{ const x = crossframe, f = x.contrastingSentences(x.ofBloc('{row['bloc_a']}'), "
                        f"x.ofBloc('{row['bloc_b']}')); for (const s of ['a', 'b']) for (const y of f[s]) "
                        "y.id = x.data.documents[y.document].id; return f })()")  # fmt: skip
        for side in ("a", "b"):
            assert [(s["id"], s["index"]) for s in found[side]] == [(s["doc_id"], s["index"]) for s in row[side]]
            np.testing.assert_allclose([s["score"] for s in found[side]], [s["score"] for s in row[side]], atol=1e-3)


def test_a_tested_pair_comes_with_the_study_s_test(page: Page, html: Path, outcome: Outcome) -> None:
    page.open(html, "pair=russia,uk_ireland")
    pair = outcome.results["contrasts"][0]
    tested = page.text("#tested")
    assert f"{pair['low']:.3f} to {pair['high']:.3f}" in tested and "Holm" in tested
    assert f"p = {pair['p']:.3f} (999 permutations), corrected p = {pair['p_corrected']:.3f}" in tested
    assert float(page.js("document.querySelector('#distance').dataset.value")) == pytest.approx(
        pair["effect"], abs=1e-4
    )
    assert page.js("document.querySelectorAll('#terms-A li, #terms-B li').length") > 4
    assert page.js("document.querySelectorAll('#sentences-A li').length") == 3
    assert page.js("document.querySelectorAll('#by-event tbody tr').length") == pair["n_events"]
    page.click("#sentences-B button.link")
    assert page.js("crossframe.state.tab") == "document" and page.text("#panel-document h2")


def test_groups_of_one_s_own_are_called_exploratory_and_the_others_refused(page: Page) -> None:
    page.click("#filter-bloc-0")
    page.click("#put-A")
    page.click("#filter-bloc-0")
    page.click("#filter-bloc-9")
    page.click("#filter-bloc-8")
    page.click("#put-B")
    assert "no test, chosen after looking" in page.text("#exploratory")
    assert page.js("document.querySelector('#tested')") is None
    assert re.search(r"Compared: .*\d+.* documents of A and .*\d+.* of B in .*\d+", page.text("#verdict"))
    page.click("#reset")
    page.type("#search", "E1-001")
    page.click("#put-B")
    assert page.text("#verdict .big") == "not identifiable" and "shared event" in page.text("#refusal")


def test_search_folds_arabic_and_latin_letters(page: Page, outcome: Outcome) -> None:
    def arabic(text: str) -> str:
        return match_form(text).replace("ة", "ه")

    everything = [" ".join([d.title_ar, d.summary_ar or "", outcome.study.corpus.outlets[d.outlet_id].name_ar,
                            outcome.study.corpus.events[d.event_id].title_ar])
                  for d in outcome.study.documents]  # fmt: skip
    expected = [i for i, text in zip(outcome.study.ids, everything, strict=True) if "الروسيه" in arabic(text)]
    assert 20 < len(expected) < 230
    for spelling in ("الروسيه", "الروسية", "الرُّوسِيّة", "الروســـية"):
        page.type("#search", spelling)
        assert shown(page) == expected, spelling
    page.type("#search", "turkiye")
    turkish = len(shown(page))
    page.type("#search", "TÜRKİYE".replace("İ", "I"))
    assert len(shown(page)) == turkish > 0
    page.type("#search", "vostochny summit")
    assert 0 < len(shown(page)) < 60
    page.type("#search", "zzzz")
    assert shown(page) == [] and "No document" in page.text("#panel-list") and "0 of 230" in page.text("#live")
    page.type("#search", "")
    assert len(shown(page)) == 230


def test_filters_by_event_bloc_outlet_frame_and_language(page: Page, outcome: Outcome) -> None:
    study, framed = outcome.study, outcome.framed
    assert framed is not None and framed.codes is not None
    outlets = page.js("crossframe.data.outlets.map((o) => o.id)")
    events = list(study.corpus.events)
    coded = [i for i, row in zip(study.ids, framed.codes, strict=True) if row[0] >= 0.5]
    scored = [i for i, row in zip(study.ids, explorer_data(outcome)["documents"], strict=True) if row["scores"][0] >= 1]
    chosen = {
        "#filter-event-1": [d.doc_id for d in study.documents if d.event_id == events[1]],
        "#filter-bloc-6": [i for i, b in zip(study.ids, study.blocs, strict=True) if b == "rok"],
        "#filter-outlet-4": [d.doc_id for d in study.documents if d.outlet_id == outlets[4]],
        "#filter-frame-0": coded,
        "#filter-language-ko": [d.doc_id for d in study.documents if d.language == "ko"],
    }
    for box, expected in chosen.items():
        page.click(box)
        assert shown(page) == expected and expected, box
        printed = page.js(f"document.querySelector('{box}').closest('label').querySelector('.n').textContent")
        assert printed.strip("\u2066\u2069") == str(len(expected))
        page.click("#reset")
    page.click("#frame-by-scores")
    page.click("#filter-frame-0")
    assert shown(page) == scored
    page.click("#reset")
    page.click("#filter-event-1")
    page.click("#legend-6")
    assert shown(page) == [i for i in chosen["#filter-event-1"] if i in chosen["#filter-bloc-6"]]
    assert page.js("document.querySelector('#filter-bloc-6').checked")


def test_every_document_leads_to_its_texts_and_its_address(page: Page, html: Path, outcome: Outcome) -> None:
    for d in outcome.study.documents[::40]:
        page.open(html, f"doc={d.doc_id}")
        panel = page.text("#panel-document")
        assert d.title in panel and d.doc_id in panel
        assert page.js("document.querySelector('#panel-document a').getAttribute('href')") in {d.url, d.url + "/"}
        assert page.js("document.querySelector('#panel-document a').rel") == "noopener noreferrer"
        said = page.js("[...document.querySelectorAll('#sentences .said')].map((x) => x.textContent)")
        assert " ".join(said) == d.summary_ar
        gloss = page.js("[...document.querySelectorAll('#sentences .gloss')].map((x) => x.textContent)")
        assert " ".join(gloss) == d.summary_en
        if d.summary_orig:
            assert page.text("#original")[:60] == d.summary_orig[:60]
        assert "not validated by human coders" in panel


def test_a_link_to_a_copy_that_was_set_aside_opens_the_one_kept(page: Page, html: Path, outcome: Outcome) -> None:
    copy, kept = next(iter(outcome.study.set_aside.items()))
    page.open(html, f"doc={copy}")
    assert page.js("crossframe.data.documents[crossframe.state.document].id") == kept


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_link_of_the_report_leads_somewhere(page: Page, html: Path, outcome: Outcome, language: str) -> None:
    """The links of the committed PDF, opened one after the other: a pair is compared, a document is shown."""
    found = set()
    for sheet in PdfReader(ROOT / "reports" / f"russia-dprk.{language}.pdf").pages:
        for note in sheet.get("/Annots") or []:
            address = str((note.get_object().get("/A") or {}).get("/URI", ""))
            found |= {address.partition("#")[2]} if address.startswith("explorer.html") else set()
    names = {c["bloc_a"] for c in outcome.results["contrasts"]} | {c["bloc_b"] for c in outcome.results["contrasts"]}
    assert len(found) >= 6
    for fragment in sorted(found):
        page.open(html, fragment)
        settings = dict(part.split("=") for part in fragment.split("&"))
        if "pair" in settings:
            assert set(settings["pair"].split(",")) <= names, fragment
            assert page.js("document.querySelector('#distance').dataset.value"), fragment
        else:
            chosen = page.js("crossframe.data.documents[crossframe.state.document].id")
            assert chosen == outcome.study.set_aside.get(settings["doc"], settings["doc"])


# of every text that is shown: WCAG 2.2, 1.4.3; the ratio of relative luminances, and whether the text is large
CONTRASTS = """(() => {
  const channels = (c) => (c.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = channels(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
      if (c[3] > 0) return null;
    }
    return [255, 255, 255];
  };
  const out = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim() || !e.getClientRects().length || e.closest('svg, :disabled')) continue;
    const style = getComputedStyle(e), under = ground(e);
    if (!under || style.visibility !== 'visible') continue;
    const pair = [light(channels(style.color)), light(under)].sort((a, b) => b - a);
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
    const what = `${e.tagName}.${e.className}: ${walk.currentNode.textContent.slice(0, 30)}`;
    out.push([ratio, large ? 3 : 4.5, what]);
  }
  return out;
})()"""


@pytest.mark.parametrize("fragment", ["", "pair=russia,uk_ireland", "doc=E1-001", "pair=russia,rok&lang=ar"])
def test_every_text_stands_out_from_its_ground(page: Page, html: Path, fragment: str) -> None:
    page.open(html, fragment)
    found = page.js(CONTRASTS)
    assert len(found) > 100
    assert [row for row in found if row[0] < row[1]] == []
    page.js("document.querySelector('#subtitle').style.color = '#aaaaaa'")
    assert len([row for row in page.js(CONTRASTS) if row[0] < row[1]]) == 1  # the check sees what it should


def test_arabic_turns_the_whole_page_round(page: Page, html: Path) -> None:
    def place(selector: str) -> float:
        return float(page.js(f"document.querySelector('{selector}').getBoundingClientRect().left"))

    assert place("#filters") < place("#main") < place("#side")
    page.click("#lang-ar")
    assert page.js("getComputedStyle(document.documentElement).direction") == "rtl"
    assert page.js("getComputedStyle(document.querySelector('#list li')).direction") == "rtl"
    assert place("#filters") > place("#main") > place("#side")
    assert place("#title") > place("#languages") and "المستكشف" in page.text("#subtitle")
    assert page.js("location.hash") == "#lang=ar"
    page.open(html, "pair=russia,rok&lang=ar")
    assert page.js("document.documentElement.lang") == "ar" and "المسافة" in page.text("#verdict")
    # nothing of the interface has stayed English
    for panel in ("#toolbar", "#chooser", "#tabs", "#verdict", "#map-help"):
        words = set(re.findall(r"[A-Za-z]{2,}", page.text(panel))) - {"Shift"}
        assert words == set(), panel


def test_digits_follow_the_study(browser: Page, outcome: Outcome, tmp_path: Path) -> None:
    report = outcome.study.config.report.model_copy(update={"numerals": "arabic-indic"})
    config = outcome.study.config.model_copy(update={"report": report})
    explorer.write(replace(outcome, study=replace(outcome.study, config=config)), tmp_path / "e.html")
    browser.open(tmp_path / "e.html", "pair=russia,rok&lang=ar")
    assert "٢٣٠" in browser.text("#count")
    assert not re.search(r"\d", browser.text("#verdict").translate({0x660 + i: None for i in range(10)}))
    browser.click("#lang-en")
    assert "230" in browser.text("#count")
    assert browser.errors == []


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_no_name_of_an_event_lies_under_a_button_or_another_name(page: Page, html: Path, lang: str) -> None:
    page.open(html, f"lang={lang}")
    boxes = page.js("crossframe.names()")
    buttons = page.js("(({ offsetLeft: x, offsetTop: y, offsetWidth: w, offsetHeight: h }) => [x, y, x + w, y + h])"
                      "(document.getElementById('zoom'))")  # fmt: skip
    assert len(boxes) > 5
    everything = [*boxes, buttons]
    for i, one in enumerate(everything):
        for other in everything[:i]:
            assert one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]


@pytest.mark.parametrize(
    ("lang", "said", "ids"), [("en", "Draft, not for citing", "A-1, B-2"), ("ar", "مسودة لا يُستشهد بها", "A-1، B-2")]
)
def test_a_draft_says_what_is_of_before(
    browser: Page, outcome: Outcome, tmp_path: Path, lang: str, said: str, ids: str
) -> None:
    record = {"edited": ["A-1"], "added": ["B-2"], "removed": [], "files": [], "kept": ["map.what"]}
    explorer.write(replace(outcome, results={**outcome.results, "draft": record}), tmp_path / "e.html")
    browser.open(tmp_path / "e.html", f"lang={lang}")
    notice = browser.text("#notice").translate(dict.fromkeys((0x2060, 0x2066, 0x2069)))
    assert said in notice and ids in notice and browser.errors == []


def test_both_languages_have_the_same_words() -> None:
    words = json.loads((Path(explorer.__file__).parent / "templates/explorer/words.json").read_text(encoding="utf-8"))
    assert words["en"].keys() == words["ar"].keys()
    for key, text in words["en"].items():
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", words["ar"][key])), key


def test_the_keyboard_alone_walks_opens_and_compares(page: Page) -> None:
    page.js("document.querySelector('#list').focus()")
    page.key("ArrowDown")
    page.key("ArrowDown")
    assert page.js("document.querySelector('#list').getAttribute('aria-activedescendant')") == "option-1"
    page.key("a")
    page.key("End")
    page.key("b")
    assert page.js("[crossframe.state.A.size, crossframe.state.B.size]") == [1, 1]
    page.key(" ")
    assert page.js("document.querySelector('#list li.active').getAttribute('aria-selected')") == "true"
    page.key("Home")
    page.key("Enter")
    assert page.js("document.activeElement.id") == "panel-document"
    assert page.js("crossframe.state.document") == 0
    page.js("document.querySelector('#tab-document').focus()")
    page.key("ArrowRight")
    assert page.js("document.activeElement.id") == "tab-comparison"
    before = page.js("crossframe.places()[0]")
    page.js("document.querySelector('#map').focus()")
    page.key("+")
    page.key("ArrowRight")
    assert page.js("crossframe.places()[0]") != before
    page.key("0")
    assert page.js("crossframe.places()[0]") == before


def test_a_reader_reaches_everything_with_the_tab_key_and_sees_where_it_is(page: Page) -> None:
    seen = []
    for _ in range(60):
        page.key("Tab")
        seen.append(page.js("document.activeElement.id"))
        outline = page.js("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", seen[-1]
        if seen[-1] == "list":
            break
    expected = "skip lang-ar search view-how tool-lasso map put-A legend-0 tab-list list"
    assert set(expected.split()) <= set(seen)


def test_every_control_has_a_name(page: Page) -> None:
    tree = page.call("Accessibility.getFullAXTree")["nodes"]
    roles = {"button", "checkbox", "searchbox", "listbox", "option", "tab", "combobox", "application", "link"}
    nameless = [n["nodeId"] for n in tree if not n.get("ignored") and n["role"]["value"] in roles
                and not n.get("name", {}).get("value", "").strip()]  # fmt: skip
    assert nameless == []


def test_the_mouse_hovers_zooms_picks_and_opens(page: Page) -> None:
    box = page.js("(() => { const b = document.querySelector('#map').getBoundingClientRect();"
                  " return [b.left, b.top, b.width, b.height] })()")  # fmt: skip
    page.click("#filter-bloc-1")
    i = page.js("crossframe.shown()[0]")
    x, y = page.js(f"crossframe.places()[{i}]")
    page.mouse("mouseMoved", box[0] + x, box[1] + y)
    assert page.js(f"crossframe.data.documents[{i}].title") in page.text("#tooltip")
    page.click("#tool-rectangle")
    page.mouse("mousePressed", box[0] + 2, box[1] + 2, button="left", buttons=1, clickCount=1)
    for step in (0.5, 1.0):
        page.mouse("mouseMoved", box[0] + step * (box[2] - 4), box[1] + step * (box[3] - 4), button="left", buttons=1)
    page.mouse("mouseReleased", box[0] + box[2] - 4, box[1] + box[3] - 4, button="left", clickCount=1)
    assert page.js("crossframe.state.picked.size") == 10
    page.click("#put-A")
    assert page.js("crossframe.groupBloc('A').id") == "dprk"
    page.click("#tool-pan")
    before = page.js("crossframe.places()[0]")
    page.mouse("mouseWheel", box[0] + 200, box[1] + 200, deltaX=0, deltaY=-100)
    assert page.js("new Promise((r) => setTimeout(() => r(crossframe.places()[0]), 200))") != before
    page.js("document.querySelector('#map').focus()")
    page.key("0")
    page.mouse("mousePressed", box[0] + x, box[1] + y, button="left", buttons=1, clickCount=1)
    page.mouse("mouseReleased", box[0] + x, box[1] + y, button="left", clickCount=1)
    assert page.js("crossframe.state.tab") == "document"


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_on_a_telephone_nothing_is_wider_than_the_screen(browser: Page, html: Path, lang: str) -> None:
    browser.size(390, 844)
    for where in ("", "&doc=E1-001", "&pair=russia,uk_ireland"):
        browser.open(html, f"lang={lang}{where}")
        assert browser.js("document.documentElement.scrollWidth") == 390
        assert browser.js("document.querySelector('#map').getBoundingClientRect().width") > 300
    assert browser.errors == []


def test_a_hostile_corpus_arrives_as_text(
    browser: Page, tmp_path: Path, cache: Path, small_documents: list[dict[str, object]]
) -> None:
    outcome = quick_outcome(write_study(tmp_path / "study", small_documents, SETTINGS), HashEncoder())
    study = outcome.study
    spoilt = {"title": HOSTILE, "title_ar": HOSTILE, "url": SCRIPT_URL, "summary_en": HOSTILE, "note": HOSTILE}
    first = study.documents[0].model_copy(update=spoilt)
    events = {k: e.model_copy(update={"title_en": HOSTILE}) for k, e in study.corpus.events.items()}
    outlets = {k: o.model_copy(update={"name_en": HOSTILE}) for k, o in study.corpus.outlets.items()}
    documents = (first, *study.documents[1:])
    corpus = replace(study.corpus, events=events, outlets=outlets, documents=documents)
    path = tmp_path / "explorer.html"
    explorer.write(replace(outcome, study=replace(study, corpus=corpus, documents=documents)), path)
    browser.size(1440, 900)
    browser.open(path, f"doc={first.doc_id}")
    assert browser.errors == [] and len(browser.requests) == 1
    assert browser.js("document.querySelector('#panel-document h2').textContent") == HOSTILE
    assert SCRIPT_URL in browser.text("#panel-document")
    assert browser.js("document.querySelectorAll('img, iframe, object, embed').length") == 0
    assert browser.js("document.scripts.length") == 3
    links = browser.js("[...document.querySelectorAll('a')].map((a) => a.protocol)")
    assert set(links) <= {"http:", "https:", "file:"}
    browser.open(path, "pair=east,west")
    assert browser.text("#distance") and browser.errors == []
    browser.open(path, "doc=%3Cimg%20src=x%20onerror=alert(1)%3E&pair=%,%&lang=__proto__")
    assert browser.errors == [] and browser.js("crossframe.state.lang") == "en"


def test_a_corpus_of_one_table_without_arabic_or_frames_has_a_page(browser: Page, tmp_path: Path, cache: Path) -> None:
    outcome = quick_outcome(new_study(tmp_path / "my-study").parent, HashEncoder())
    path = tmp_path / "explorer.html"
    explorer.write(outcome, path)
    browser.size(1440, 900)
    browser.open(path)
    assert "24 of 24" in browser.text("#count") and "machine-written" not in browser.text("#caution")
    assert browser.js("document.querySelector('[data-kind=frame]')") is None
    found = browser.js("crossframe.data.contrasts.map((c) => crossframe.compare(crossframe.ofBloc(c.bloc_a), "
                       "crossframe.ofBloc(c.bloc_b)))")  # fmt: skip
    for row, pair in zip(found, outcome.results["contrasts"], strict=True):
        if pair["refusal"] is None:
            assert row["effect"] == pytest.approx(pair["effect"], abs=1e-4)
        else:
            assert row["refusal"]["key"] == "refused_language" and "confounded" in pair["refusal"]
    pair = next(c for c in outcome.results["contrasts"] if c["refusal"] is None)
    browser.click("#tab-comparison")
    index = outcome.results["contrasts"].index(pair)
    browser.js(f"(() => {{ const s = document.querySelector('#preset'); s.value = '{index}';"
               " s.dispatchEvent(new Event('change')) })()")  # fmt: skip
    assert "Not every document has an Arabic text" in browser.text("#panel-comparison")
    assert browser.js("document.querySelectorAll('#sentences-A li').length") == 3
    address = browser.js("location.hash")
    browser.open(path, address.removeprefix("#"))
    assert browser.js("crossframe.groupBloc('A').id") == pair["bloc_a"]
    assert browser.errors == []


def test_what_does_not_fit_is_left_out_and_said(browser: Page, outcome: Outcome, tmp_path: Path) -> None:
    sizes = []
    path = tmp_path / "explorer.html"
    for limit, said in ((1_300_000, ""), (900_000, "Contrasting sentences are left out"), (420_000, "Marking terms")):
        text = explorer.page_that_fits(outcome, limit)
        sizes.append(len(text.encode("utf-8")))
        assert sizes[-1] < limit
        path.write_text(text, encoding="utf-8")
        browser.open(path, "pair=russia,uk_ireland")
        assert said in browser.text("#notice") and browser.text("#distance") and browser.errors == []
    assert sizes == sorted(sizes, reverse=True)
    path.write_text(explorer.page_that_fits(outcome, 1), encoding="utf-8")
    browser.open(path, "lang=ar")
    assert "230" in browser.text("#notice") and browser.errors == []
    assert not browser.js("document.querySelector('#main').checkVisibility()")


def test_a_single_document_in_a_group_and_an_event_alone_do_no_harm(
    browser: Page, tmp_path: Path, cache: Path, small_documents: list[dict[str, object]]
) -> None:
    rows = [*small_documents, document(99, "Z", "east-0")]
    outcome = quick_outcome(write_study(tmp_path / "study", rows, SETTINGS), HashEncoder())
    path = tmp_path / "explorer.html"
    explorer.write(outcome, path)
    browser.open(path)
    browser.click("#view-how")
    assert browser.js("crossframe.places().filter((p) => !p).length") == 1
    found = browser.js("crossframe.compare([0], [1])")
    assert found["refusal"]["key"] == "refused_events" and found["effect"] is None
    assert browser.errors == []
