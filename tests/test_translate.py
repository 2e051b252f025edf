"""Machine translation: against a service that answers, delays, refuses, hangs up and sends rubbish."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT, document, write_study
from crossframe.checks import check_texts
from crossframe.config import load_config
from crossframe.corpus import check_tables, load_corpus
from crossframe.engines import ENGINES, DeepTranslator, TryAgainError, key_variable
from crossframe.errors import InputError
from crossframe.translate import FIRST_WAIT, TRIES, Job, chunks, fill, missing, plan, target_languages, translate
from crossframe.translation_memory import Memory
from translation_server import Delay, Service, Status, running, translated

TEXT = "The bridge was opened this morning. Residents welcomed it."
KEY = "secret-key-1234"
TOO_MANY = Status(429, '{"error": "Slowdown"}', {"Retry-After": "7"})


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for name in ENGINES:
        monkeypatch.delenv(key_variable(name), raising=False)
    with running() as found:
        yield found


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    found = Memory(tmp_path / "memory.sqlite")
    yield found
    found.close()


def engine(service: Service, name: str = "libre", timeout: float = 5.0) -> DeepTranslator:
    return DeepTranslator(name, service.url, timeout)


def job(text: str = TEXT, doc_id: str = "d1") -> Job:
    return Job(doc_id, "text", "en", "ar", text)


class Waits(list[float]):
    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.mark.parametrize("name", ENGINES)
def test_every_engine_translates(service: Service, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(key_variable(name), KEY)
    assert engine(service, name).translate(TEXT, "en", "ar") == translated(TEXT, "ar")
    (request,) = service.asked
    assert (request.text, request.target) == (TEXT, "ar")


@pytest.mark.parametrize("name", ["libre", "deepl", "microsoft"])
def test_a_key_is_sent_and_never_in_the_address(service: Service, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(key_variable(name), KEY)
    engine(service, name).translate(TEXT, "en", "ar")
    (request,) = service.asked
    assert request.method == "POST" and KEY not in request.url and "bridge" not in request.url
    assert KEY in str(request.fields) + str(request.headers)


def test_a_server_of_ones_own_gets_no_key_where_none_is_set(service: Service) -> None:
    engine(service).translate(TEXT, "en", "ar")
    assert "api_key" not in service.asked[0].fields


@pytest.mark.parametrize("language", ["uk", "fa", "sw", "ko", "zh", "ja"])
def test_languages_that_deep_translator_does_not_list_are_asked_for_all_the_same(
    service: Service, language: str
) -> None:
    assert engine(service).translate("Текст 문장 文字", language, "ar")
    assert service.asked[0].fields["source"] == language


@pytest.mark.parametrize(
    ("name", "url", "message"),
    [
        ("bing", None, "unknown translation engine 'bing'.*Known: google, libre, mymemory, deepl, microsoft"),
        ("deepl", None, "needs an API key.*Set CROSSFRAME_DEEPL_KEY"),
        ("libre", None, "needs an API key.*A server of your own needs none: --url"),
        ("libre", "localhost:5000", "'localhost:5000' is not an address.*Example"),
    ],
)
def test_a_call_that_cannot_work_is_refused_at_once(service: Service, name: str, url: str | None, message: str) -> None:
    with pytest.raises(InputError, match=message):
        DeepTranslator(name, url)
    assert service.asked == []


@pytest.mark.parametrize("url", ["{}", "{}/", "{}/translate", "{}/translate/"])
def test_the_address_of_a_server_may_end_as_people_write_it(service: Service, url: str) -> None:
    DeepTranslator("libre", url.format(service.url)).translate(TEXT, "en", "ar")
    assert service.asked[0].url == "/translate"


PASSING: list[tuple[Any, str]] = [
    (TOO_MANY, "status 429: Slowdown"),
    (Status(500, "<html>Internal error</html>"), "status 500"),
    (Status(503, '{"error": {"message": "busy"}}'), "status 503: busy"),
    (Delay(3.0), "no answer within 0.5 s"),
    ("drip", "no answer within 0.5 s"),
    ("cut", "the connection to 127.0.0.1 failed"),
    ("hang up", "the connection to 127.0.0.1 failed"),
    (Status(200, "<<not json"), "cannot be read"),
    (Status(200, "[1, 2]"), "cannot be read"),
    (Status(200, "{}"), "cannot be read"),
    (Status(200, ""), "cannot be read"),
    (("says", None), "without a text"),
    (("says", ["text"]), "without a text"),
    (("says", "  "), "without a text"),
    (("says", TEXT), "gave the text back untranslated"),
    (("says", "Quite another English sentence."), "its answer is not in 'ar'"),
]


@pytest.mark.parametrize(("action", "message"), PASSING, ids=lambda v: str(v)[:30])
def test_what_may_pass_is_named_and_tried_again(service: Service, memory: Memory, action: Any, message: str) -> None:
    service.script = [action]
    with pytest.raises(TryAgainError, match=message):
        engine(service, timeout=0.5).translate(TEXT, "en", "ar")
    service.script, waits = [action, action], Waits()
    (found,) = translate([job()], engine(service, timeout=0.5), memory, waits)
    assert found.text == translated(TEXT, "ar") and len(service.asked) == 1 + 3
    assert waits == ([7.0, 7.0] if action is TOO_MANY else [FIRST_WAIT, 2 * FIRST_WAIT])


@pytest.mark.parametrize("name", [n for n in ENGINES if n != "libre"])
@pytest.mark.parametrize("action", ["cut", "hang up", Delay(2.0), TOO_MANY, Status(500), Status(200, "<<")], ids=str)
def test_every_engine_survives_every_fault(
    service: Service, memory: Memory, name: str, action: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(key_variable(name), KEY)
    service.script = [action]
    (found,) = translate([job()], engine(service, name, 0.3), memory, Waits())
    assert found.text == translated(TEXT, "ar")


def test_a_retry_after_may_be_a_date(service: Service, memory: Memory) -> None:
    from email.utils import formatdate

    service.script, waits = [Status(429, "", {"Retry-After": formatdate(time.time() + 30, usegmt=True)})], Waits()
    translate([job()], engine(service), memory, waits)
    assert 25 < waits[0] <= 30


def test_a_service_that_wants_an_hour_is_left_alone(service: Service, memory: Memory) -> None:
    service.script, waits = [Status(429, "", {"Retry-After": "3600"})], Waits()
    with pytest.raises(InputError, match=r"wants to be left alone for 3600 s.*0 of 1 texts"):
        translate([job()], engine(service), memory, waits)
    assert waits == [] and len(service.asked) == 1


def test_a_lasting_fault_ends_after_the_tries_with_what_where_and_remedy(service: Service, memory: Memory) -> None:
    service.script = ["answer", *[Status(500)] * 99]
    with pytest.raises(InputError) as error:
        translate([job("One."), job("Two.", "d2")], engine(service), memory, Waits())
    message = str(error.value)
    assert f"{TRIES} tries failed, the last one because it answered with status 500" in message
    assert "engine 'libre', document d2" in message and "1 of 2 texts are translated and remembered" in message
    assert len(service.asked) == 1 + TRIES


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (400, "refuses the request, status 400: ar is not supported"),
        (403, "refuses access, status 403: .*Check CROSSFRAME_LIBRE_KEY"),
        (404, "status 404.*--url"),
        (456, "status 456"),
    ],
)
def test_a_refusal_is_not_tried_again(service: Service, memory: Memory, status: int, message: str) -> None:
    service.script = [Status(status, '{"error": "ar is not supported"}')]
    with pytest.raises(InputError, match=message):
        translate([job()], engine(service), memory, Waits())
    assert len(service.asked) == 1


@pytest.mark.parametrize("name", ["libre", "deepl", "microsoft"])
@pytest.mark.parametrize("status", [400, 403, 500])
def test_no_message_holds_the_key(service: Service, name: str, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    import traceback

    monkeypatch.setenv(key_variable(name), KEY)
    service.script = [Status(status, json.dumps({"error": f"the key {KEY} is wrong"}))]
    with pytest.raises((InputError, TryAgainError), match="the key … is wrong") as error:
        engine(service, name).translate(TEXT, "en", "ar")
    assert KEY not in "".join(traceback.format_exception(error.value))


@pytest.mark.parametrize(
    ("status", "message"), [(429, "the day's allowance is used up"), (403, "status 403: INVALID LANGUAGE PAIR")]
)
def test_a_refusal_of_mymemory_is_not_taken_for_a_translation(
    service: Service, memory: Memory, status: int, message: str
) -> None:
    warning = "تحذير: MYMEMORY WARNING: YOU USED ALL AVAILABLE FREE TRANSLATIONS FOR TODAY"
    answer = {"responseData": {"translatedText": warning}, "responseStatus": status,
              "responseDetails": "INVALID LANGUAGE PAIR", "matches": []}  # fmt: skip
    service.script = [Status(200, json.dumps(answer))]
    with pytest.raises(InputError, match=message):
        translate([job()], engine(service, "mymemory"), memory, Waits())


def test_a_name_that_stays_as_it_is_is_a_translation(service: Service) -> None:
    service.script = [("says", "BBC 2024")]
    assert engine(service).translate("BBC 2024", "en", "ar") == "BBC 2024"


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize(
    ("language", "sentence", "end"),
    [
        ("en", "A sentence of some words stands here. ", "."),
        ("ar", "تقول هذه الجملة إن الجسر فتح أمام الناس. ", "."),
        ("zh", "这座新的桥今天早上向所有的人开放了。", "。"),
    ],
)
def test_pieces_end_with_sentences_and_keep_below_the_limits(name: str, language: str, sentence: str, end: str) -> None:
    limits, text = ENGINES[name], (sentence * 400).strip()
    parts = chunks(text, language, limits)
    assert len(parts) > 1 and all(p.endswith(end) for p in parts)
    assert all(len(p) <= limits.max_characters and len(p.encode()) <= limits.max_bytes for p in parts)
    assert "".join(parts).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(("word", "glue"), [("кириллица", " "), ("شمس", " "), ("字", "")])
def test_a_sentence_longer_than_the_limit_is_cut_between_words_and_loses_nothing(word: str, glue: str) -> None:
    text = glue.join([word] * 700)
    parts = chunks(text, "ru", ENGINES["mymemory"])
    assert all(len(p.encode()) <= 480 for p in parts) and glue.join(parts) == text


def test_an_answer_is_remembered_by_engine_pair_and_text(service: Service, memory: Memory) -> None:
    for _ in range(2):
        translate([job(), job(TEXT, "d2")], engine(service), memory, Waits())
    assert len(service.asked) == 1
    translate([job()], engine(service, "google"), memory, Waits())
    translate([Job("d1", "text", "ru", "ar", TEXT)], engine(service), memory, Waits())
    translate([job(TEXT + " More.")], engine(service), memory, Waits())
    assert len(service.asked) == 4


def test_a_damaged_memory_is_named(tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite"
    path.write_bytes(b"no database, only bytes" * 100)
    with pytest.raises(InputError, match=r"memory\.sqlite.*Move the file away"):
        Memory(path)


# what is missing, and how it comes back into the corpus


@pytest.fixture
def gaps(tmp_path: Path) -> Path:
    """A study in which some texts are missing: Arabic, English, a title, and both beside a Korean text."""
    korean = "정부는 새 다리를 열었다. 주민들은 환영했다. 다리는 길다. 시장이 말했다."
    rows = [document(i, e, f"{b}-{i % 3}") for i, (e, b) in enumerate((e, b) for e in "AB" for b in ("east", "west"))]
    rows[0]["summary_ar"] = None
    rows[1] |= {"language": "ar", "summary_en": ""}
    rows[2]["title_ar"] = "  "
    rows[3] |= {"language": "ko", "summary_orig": korean, "summary_ar": None, "summary_en": None}
    study = write_study(tmp_path / "gaps", rows)
    path = study / "data" / "raw" / "parallel.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([lines[0] + ",ko", *(f"{r},비가 {i} 번 왔다." for i, r in enumerate(lines[1:]))]) + "\n")
    return study


def test_every_missing_text_is_filled_from_the_documents_own_language(
    gaps: Path, service: Service, memory: Memory
) -> None:
    config = load_config(gaps)
    raw = {p.name: p.read_bytes() for p in config.raw.iterdir()}
    assert fill(config, ["ar", "en"], engine(service), memory) == 5
    pairs = {(r.fields["source"], r.target) for r in service.asked}
    assert pairs == {("en", "ar"), ("ar", "en"), ("ko", "ar"), ("ko", "en")}
    assert {p.name: p.read_bytes() for p in config.raw.iterdir()} == raw
    documents = {d.doc_id: d for d in load_corpus(config).documents}
    assert documents["A-000"].summary_ar == translated(documents["A-000"].summary_en or "", "ar")
    mark = f"libre, {time.strftime('%Y-%m-%d', time.gmtime())}"
    assert [d.translated_by for d in documents.values()] == [
        {"summary_ar": mark}, {"summary_en": mark}, {"title_ar": mark}, {"summary_ar": mark, "summary_en": mark},
    ]  # fmt: skip


def test_only_the_language_asked_for_is_filled(gaps: Path, service: Service, memory: Memory) -> None:
    assert fill(load_config(gaps), ["en"], engine(service), memory) == 2
    assert {r.target for r in service.asked} == {"en"}
    with pytest.raises(InputError, match="not in 'fr'"):
        target_languages(["fr"])


def test_a_second_call_finds_nothing_missing_and_asks_nothing(gaps: Path, service: Service, memory: Memory) -> None:
    config = load_config(gaps)
    fill(config, ["ar", "en"], engine(service), memory)
    before, n = config.translations.read_bytes(), len(service.asked)
    assert fill(config, ["ar", "en"], engine(service), memory) == 0
    assert config.translations.read_bytes() == before and len(service.asked) == n


def test_the_plan_counts_what_would_be_sent_and_sends_nothing(gaps: Path, service: Service, memory: Memory) -> None:
    config = load_config(gaps)
    english = json.loads((config.raw / "documents.jsonl").read_text(encoding="utf-8").splitlines()[0])["summary_en"]
    counted = plan(config, ["ar"], ENGINES["libre"], memory)
    assert counted == {("en", "ar"): (2, 2, len(english) + len("Line 2")), ("ko", "ar"): (1, 1, 42)}
    assert service.asked == []
    fill(config, ["ar"], engine(service), memory)
    config.translations.unlink()
    assert plan(config, ["ar"], ENGINES["libre"], memory) == {("en", "ar"): (2, 0, 0), ("ko", "ar"): (1, 0, 0)}


def test_a_missing_text_without_a_translation_is_a_problem_that_names_the_way_out(gaps: Path) -> None:
    _corpus, problems = check_tables(gaps / "data" / "raw")
    (found,) = [p for p in problems if p.row == "1"]
    assert found.column == "summary_ar" and "`crossframe translate` fills it" in found.message


def test_a_text_in_the_table_is_never_replaced(gaps: Path, service: Service, memory: Memory) -> None:
    config = load_config(gaps)
    fill(config, ["ar", "en"], engine(service), memory)
    path = config.raw / "documents.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows[0]["summary_ar"] = "كتب إنسان هذا النص بيده."
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    first = load_corpus(config).documents[0]
    assert first.summary_ar == "كتب إنسان هذا النص بيده." and first.translated_by == {}


def test_a_translation_of_a_text_that_has_changed_is_refused_until_it_is_made_anew(
    gaps: Path, service: Service, memory: Memory
) -> None:
    config = load_config(gaps)
    fill(config, ["ar", "en"], engine(service), memory)
    path = config.raw / "documents.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("주민들은", "시민들은"), encoding="utf-8")
    with pytest.raises(InputError, match=r"translations\.jsonl, row B-003.*has changed since"):
        load_corpus(config)
    assert fill(config, ["ar", "en"], engine(service), memory) == 2
    assert "시민들은" in service.asked[-1].text and load_corpus(config)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{broken", "is not JSON"),
        ('{"doc_id": "A-000"}', "Field required"),
        ("again", "is translated in another row already"),
    ],
)
def test_a_damaged_file_of_translations_is_named(
    gaps: Path, service: Service, memory: Memory, line: str, message: str
) -> None:
    config = load_config(gaps)
    fill(config, ["ar", "en"], engine(service), memory)
    good = config.translations.read_text(encoding="utf-8")
    config.translations.write_text(good + (good.splitlines()[0] if line == "again" else line) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=message):
        load_corpus(config)


def test_faults_of_a_machines_text_are_warnings(gaps: Path, service: Service, memory: Memory) -> None:
    config = load_config(gaps)
    fill(config, ["ar", "en"], engine(service), memory)
    corpus, problems = check_tables(config.raw, config.translations)
    assert corpus is not None and problems == []
    about = [p for p in check_texts(corpus) if p.row == "A-000" and p.column == "summary_ar"]
    assert about and {p.level for p in about} == {"warning"}


def test_the_jobs_start_from_given_texts_and_never_from_a_translation() -> None:
    row: dict[str, object] = {"doc_id": "d", "language": "ru", "title": "Мост", "summary_orig": "Мост открыт.",
                              "summary_en": "The bridge is open."}  # fmt: skip
    jobs, standing = missing([row], {}, ["ar", "en"])
    assert jobs == [Job("d", "text", "ru", "ar", "Мост открыт."), Job("d", "title", "ru", "ar", "Мост")]
    assert standing == []


# the command


def command(*arguments: str, cache: Path, **environment: str) -> subprocess.Popen[str]:
    code = "from crossframe.cli import main; main()"
    here = os.environ | {"CROSSFRAME_CACHE": str(cache), "NO_PROXY": "127.0.0.1"} | environment
    return subprocess.Popen(
        [sys.executable, "-c", code, "translate", *arguments],
        cwd=ROOT, env=here, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_a_killed_translation_goes_on_where_it_stopped_and_asks_nothing_twice(gaps: Path, service: Service) -> None:
    cache = gaps.parent / "cache"
    arguments = [str(gaps), "--engine", "libre", "--url", service.url]
    service.script = ["answer", "answer", Delay(60)]
    process = command(*arguments, cache=cache)
    deadline = time.monotonic() + 60
    while len(service.asked) < 3 and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    assert process.returncode == -signal.SIGKILL and len(service.asked) == 3
    assert not (gaps / "data" / "translations.jsonl").exists()
    again = command(*arguments, cache=cache)
    out, message = again.communicate(timeout=120)
    assert again.returncode == 0, message
    assert out == f"{gaps / 'data' / 'translations.jsonl'}\n" and "5 texts translated by libre" in message
    assert len(service.answered) == len(set(service.answered)) + 1  # the Korean text, once into each language
    asked = [(r.text, r.target) for r in service.asked]
    assert len(asked) == 6 and len(set(asked)) == 5  # twice only what was never answered
    assert load_corpus(load_config(gaps))


def test_a_service_that_gives_up_in_between_loses_nothing(gaps: Path, service: Service) -> None:
    cache = gaps.parent / "cache"
    arguments = [str(gaps), "--engine", "libre", "--url", service.url]
    service.script = ["answer", "answer", Status(403, '{"error": "no more today"}')]
    process = command(*arguments, cache=cache)
    _, message = process.communicate(timeout=120)
    assert process.returncode == 2 and "Traceback" not in message
    assert "status 403: no more today" in message and "2 of 5 texts are translated and remembered" in message
    _, message = command(*arguments, cache=cache).communicate(timeout=120)
    assert "5 texts translated" in message and len(service.asked) == 6


def test_a_dry_run_prints_a_table_and_needs_neither_key_nor_network(gaps: Path, service: Service) -> None:
    process = command(str(gaps), "--engine", "deepl", "--dry-run", cache=gaps.parent / "cache")
    out, message = process.communicate(timeout=120)
    rows = [line.split("\t") for line in out.splitlines()]
    assert process.returncode == 0, message
    assert rows[0] == ["from", "to", "texts", "requests", "characters"]
    assert [r[:4] for r in rows[1:]] == [
        ["en", "ar", "2", "2"], ["ar", "en", "1", "1"], ["ko", "ar", "1", "1"], ["ko", "en", "1", "1"],
    ]  # fmt: skip
    assert service.asked == [] and not (gaps / "data" / "translations.jsonl").exists()


def test_a_key_is_never_printed(gaps: Path, service: Service) -> None:
    service.script = [Status(403, json.dumps({"error": f"{KEY}?"}))]
    arguments = [str(gaps), "--engine", "libre", "--url", service.url]
    out, message = command(*arguments, cache=gaps.parent / "cache", CROSSFRAME_LIBRE_KEY=KEY).communicate(timeout=120)
    assert service.asked[0].fields["api_key"] == KEY and KEY not in out + message and "CROSSFRAME_LIBRE_KEY" in message
