"""Pages from the web: limits, robots.txt, redirects, and a machine that is offline. The server is this machine."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from crossframe.errors import InputError
from crossframe.ingest.run import Options, ingest
from crossframe.ingest.web import Fetcher, FetchError, fetch_all, read_url_list

ARTICLE = (
    "<html><head><meta charset='utf-8'></head><body><h1>الجسر الجديد يفتح أبوابه غدا</h1>"
    "<p>قالت صحيفة الغارديان إن الجسر الجديد في البلدة سيفتح غدا أمام المشاة والدراجات بعد عامين من العمل.</p>"
    "<p>وأضافت الصحيفة أن السكان ينتظرون اليوم الأول وأن السوق سيبقى مفتوحا.</p></body></html>"
).encode()


class Site(BaseHTTPRequestHandler):
    robots = b"User-agent: *\nDisallow: /private/\n"
    robots_status = 200
    seen: list[str] = []  # noqa: RUF012 - a new list is set for every test
    agents: list[str] = []  # noqa: RUF012
    hold = threading.Event()

    def do_GET(self) -> None:
        type(self).seen.append(self.path)
        type(self).agents.append(self.headers["User-Agent"])
        if self.path == "/slow":
            self.hold.wait(20)
            return
        answers: dict[str, tuple[int, bytes, str, str]] = {
            "/robots.txt": (self.robots_status, self.robots, "text/plain", ""),
            "/moved": (302, b"", "text/html", "/page"),
            "/round": (302, b"", "text/html", "/round"),
            "/local-file": (302, b"", "text/html", "file:///etc/passwd"),
            "/big": (200, b"x" * 300_000, "text/html", ""),
            "/film": (200, b"x", "video/mp4", ""),
            "/gone": (404, b"", "text/html", ""),
        }
        status, body, kind, location = answers.get(self.path, (200, ARTICLE, "text/html; charset=utf-8", ""))
        self.send_response(status)
        for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), ("Location", location)):
            if value:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    Site.seen, Site.agents, Site.hold = [], [], threading.Event()
    Site.robots, Site.robots_status = b"User-agent: *\nDisallow: /private/\n", 200
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    Site.hold.set()
    server.shutdown()
    server.server_close()
    thread.join()


def quick(**settings: float) -> Fetcher:
    return Fetcher(pause=0.0, **settings)  # type: ignore[arg-type]


def test_a_list_of_addresses_becomes_documents(site: str, tmp_path: Path) -> None:
    urls = tmp_path / "list.txt"
    urls.write_text(f"# two pages\n{site}/page\n\n{site}/moved\n")
    ingest([], tmp_path / "d.jsonl", Options(urls=[urls]), quick())
    rows = [json.loads(line) for line in (tmp_path / "d.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [r["url"] for r in rows] == [f"{site}/page", f"{site}/moved"]
    assert rows[0]["title"] == "الجسر الجديد يفتح أبوابه غدا" and rows[0]["relay_of"] == ["The Guardian"]
    assert rows[0]["duplicate_group"] == rows[1]["duplicate_group"] == rows[0]["doc_id"] != rows[1]["doc_id"]
    assert Site.agents[0].startswith("crossframe/")


def test_rows_with_an_address_and_no_text_are_filled(site: str, tmp_path: Path) -> None:
    table = tmp_path / "gdelt.csv"
    table.write_text(
        f"\ufeffURL,MobileURL,Date,Title\n{site}/page,,2024-06-18 12:15:00,A bridge opens\n", encoding="utf-8"
    )
    ingest([table], tmp_path / "d.jsonl", Options(preset="gdelt-doc", fetch=True), quick())
    row = json.loads((tmp_path / "d.jsonl").read_text(encoding="utf-8"))
    assert row["title"] == "A bridge opens" and row["date"] == "2024-06-18"
    assert row["text"].startswith("قالت صحيفة الغارديان")


def test_robots_txt_is_asked_once_and_obeyed(site: str) -> None:
    fetcher = quick()
    assert fetcher.fetch(f"{site}/page").data == ARTICLE
    with pytest.raises(FetchError, match=r"robots\.txt of the site does not allow it"):
        fetcher.fetch(f"{site}/private/page")
    assert Site.seen == ["/robots.txt", "/page"]


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (503, False)])
def test_a_missing_robots_txt_allows_and_an_unwell_server_does_not(site: str, status: int, allowed: bool) -> None:
    Site.robots_status = status
    if allowed:
        assert quick().fetch(f"{site}/page").data == ARTICLE
    else:
        with pytest.raises(FetchError, match="does not allow"):
            quick().fetch(f"{site}/page")


def test_a_host_is_asked_no_faster_than_it_wants(site: str) -> None:
    Site.robots = b"User-agent: *\nCrawl-delay: 7\n"
    waits: list[float] = []
    fetcher = Fetcher(pause=2.0, sleep=waits.append)
    fetcher.fetch(f"{site}/a")
    fetcher.fetch(f"{site}/b")
    assert [round(w) for w in waits] == [7, 7]


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/gone", "the server answered 404"),
        ("/big", r"is larger than 0\.1 MB"),
        ("/film", "is video/mp4, not a page"),
        ("/round", "redirects more than 5 times"),
        ("/local-file", "redirects to file"),
    ],
)
def test_what_is_no_page_is_not_taken(site: str, path: str, why: str) -> None:
    with pytest.raises(FetchError, match=why):
        quick(max_bytes=100_000).fetch(site + path)


def test_a_slow_page_does_not_hold_the_run_up(site: str) -> None:
    fetcher = quick(seconds=1.0)
    begun = time.monotonic()
    with pytest.raises(FetchError, match=r"longer than 1 s|no answer in 1 s"):
        fetcher.fetch(f"{site}/slow")
    assert time.monotonic() - begun < 5
    Site.hold.set()
    time.sleep(0.2)  # the held answer ends before the server does


def test_a_page_that_is_not_had_is_named_and_nothing_is_written(site: str, tmp_path: Path) -> None:
    urls = tmp_path / "a.urls"
    urls.write_text(f"{site}/page\n{site}/gone\n")
    with pytest.raises(InputError, match=r"1 page\(s\) were not had:\n  .*/gone: the server answered 404"):
        ingest([urls], tmp_path / "d.jsonl", Options(), quick())
    assert not (tmp_path / "d.jsonl").exists()
    report = ingest([urls], tmp_path / "d.jsonl", Options(skip_failed=True), quick())
    assert report.documents == 1 and any("/gone: the server answered 404" in note for note in report.notes)


def test_an_offline_machine_is_told_so_at_once() -> None:
    urls = [f"http://nowhere-{i}.invalid/page" for i in range(50)]
    begun = time.monotonic()
    with pytest.raises(InputError, match=r"offline: none of .* can be reached.*save the pages elsewhere"):
        fetch_all(urls, quick())
    assert time.monotonic() - begun < 20


def test_a_redirect_from_a_public_page_into_a_private_network_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from crossframe.ingest import web

    monkeypatch.setattr(web, "_private", lambda host: host == "10.0.0.1")
    with pytest.raises(FetchError, match="into a private network"):
        Fetcher()._check_target("http://10.0.0.1/admin", "http://news.example.org/")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ftp://x.org/a\n", "line 1"),
        ("https://a.org/\nhttps://a.org/\n", "stands in line 1"),
        ("# none\n", "no address"),
    ],
)
def test_a_wrong_list_of_addresses_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "a.urls"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        read_url_list(path)
