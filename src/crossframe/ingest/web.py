"""Fetching pages: politely, within limits, or not at all."""

import ipaddress
import queue
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from crossframe import __version__
from crossframe.errors import InputError
from crossframe.ingest.decode import MAX_PAGE_BYTES, read_text

USER_AGENT = f"crossframe/{__version__} (+https://github.com/crossframe/crossframe)"
MAX_BYTES = 5 * 1024 * 1024
MAX_SECONDS = 30.0  # of one page, redirects included
PAUSE_SECONDS = 1.0  # between two requests to one host; a longer Crawl-delay of its robots.txt counts
MAX_PAUSE = 60.0
MAX_REDIRECTS = 5
MAX_ROBOTS_BYTES = 512 * 1024
GIVE_UP_AFTER = 3  # hosts in a row that cannot be reached: this machine is offline
_CHUNK = 65_536
_SOCKET_SECONDS = 10.0  # without a byte
_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "application/pdf")


class FetchError(Exception):
    """A page that was not had; the message says why."""


class OfflineError(FetchError):
    """The host could not be reached at all."""


@dataclass(frozen=True)
class Fetched:
    """A page: its bytes, its media type and where it came from in the end."""

    url: str
    data: bytes
    media_type: str
    charset: str


def read_url_list(path: Path) -> list[str]:
    """Return the addresses of a list, one a line; blank lines and lines that begin with # are left out.

    Raises
    ------
    InputError
        If a line is no http address, or one stands twice.
    """
    out: dict[str, int] = {}
    for number, line in enumerate(read_text(path, MAX_PAGE_BYTES).splitlines(), start=1):
        url = line.strip()
        if not url or url.startswith("#"):
            continue
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or any(c.isspace() for c in url):
            raise InputError(f"{url[:80]!r} is not an http address", f"{path}, line {number}", "One address a line.")
        if url in out:
            raise InputError(
                f"{url[:80]!r} stands in line {out[url]} already", f"{path}, line {number}", "Take one out."
            )
        out[url] = number
    if not out:
        raise InputError("the list holds no address", str(path), "One address a line.")
    return list(out)


@dataclass
class Fetcher:
    """Fetches pages one after another, each host no faster than it allows.

    `pause` and `seconds` are in seconds, `max_bytes` in bytes.
    """

    pause: float = PAUSE_SECONDS
    seconds: float = MAX_SECONDS
    max_bytes: int = MAX_BYTES
    sleep: Callable[[float], None] = time.sleep
    _robots: dict[str, RobotFileParser] = field(default_factory=dict)
    _last: dict[str, float] = field(default_factory=dict)

    def fetch(self, url: str) -> Fetched:
        """Return a page.

        Raises
        ------
        FetchError
            If robots.txt forbids it, the server refuses, it is too large, too slow or no page.
        OfflineError
            If the host cannot be reached.
        """
        deadline = time.monotonic() + self.seconds
        asked = url
        for _ in range(MAX_REDIRECTS + 1):
            self._check_target(asked, url)
            if not self._rules(asked, deadline).can_fetch(USER_AGENT, asked):
                raise FetchError("robots.txt of the site does not allow it")
            status, headers, data = self._get(asked, deadline, self.max_bytes)
            if status in {301, 302, 303, 307, 308} and headers.get("location"):
                asked = urljoin(asked, headers["location"])
                continue
            if status != 200:
                raise FetchError(f"the server answered {status}")
            media_type, _, rest = headers.get("content-type", "text/html").partition(";")
            if media_type.strip().lower() not in _TYPES:
                raise FetchError(f"is {media_type.strip()}, not a page")
            charset = rest.partition("charset=")[2].split(";")[0].strip(" \"'")
            return Fetched(asked, data, media_type.strip().lower(), charset)
        raise FetchError(f"redirects more than {MAX_REDIRECTS} times")

    def _check_target(self, asked: str, first: str) -> None:
        """Refuse a redirect to another scheme, or from a public page into a private network."""
        parts = urlsplit(asked)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise FetchError(f"redirects to {parts.scheme or 'nowhere'}")
        if asked != first and _private(parts.hostname) and not _private(urlsplit(first).hostname or ""):
            raise FetchError("redirects into a private network")

    def _rules(self, url: str, deadline: float) -> RobotFileParser:
        """Return the rules of a host (RFC 9309: absent means all is allowed, an unwell server that nothing is)."""
        parts = urlsplit(url)
        root = f"{parts.scheme}://{parts.netloc}"
        if root not in self._robots:
            rules = RobotFileParser()
            status, headers, data = self._get(f"{root}/robots.txt", deadline, MAX_ROBOTS_BYTES)
            if status in {301, 302, 303, 307, 308} and headers.get("location"):
                status, _, data = self._get(
                    urljoin(f"{root}/robots.txt", headers["location"]), deadline, MAX_ROBOTS_BYTES
                )
            if status == 200:
                rules.parse(data.decode("utf-8", "replace").splitlines())
            else:
                rules.parse(["User-agent: *", "Disallow: /"] if status >= 500 else [])
            self._robots[root] = rules
        return self._robots[root]

    def _wait(self, url: str) -> None:
        parts = urlsplit(url)
        rules = self._robots.get(f"{parts.scheme}://{parts.netloc}")
        asked = rules.crawl_delay(USER_AGENT) if rules else None
        pause = min(MAX_PAUSE, max(self.pause, float(asked or 0)))
        left = self._last.get(parts.netloc, -pause) + pause - time.monotonic()
        if left > 0:
            self.sleep(left)
        self._last[parts.netloc] = time.monotonic()

    def _get(self, url: str, deadline: float, limit: int) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body; a server that sends a byte now and then does not hold the run up."""
        self._wait(url)
        left = max(0.1, deadline - time.monotonic())
        done: queue.Queue[tuple[int, dict[str, str], bytes] | FetchError] = queue.Queue()
        threading.Thread(target=_ask, args=(url, min(_SOCKET_SECONDS, left), limit, done), daemon=True).start()
        try:
            answer = done.get(timeout=left)
        except queue.Empty:
            raise FetchError(f"took longer than {self.seconds:.0f} s") from None
        if isinstance(answer, FetchError):
            raise answer
        return answer


def _ask(url: str, timeout: float, limit: int, done: "queue.Queue[Any]") -> None:
    import requests

    try:
        with requests.get(
            url, headers={"User-Agent": USER_AGENT}, stream=True, timeout=timeout, allow_redirects=False
        ) as answer:
            headers = {k.lower(): v for k, v in answer.headers.items()}
            data = b""
            for chunk in answer.iter_content(_CHUNK):
                data += chunk
                if len(data) > limit:
                    raise FetchError(f"is larger than {limit / 1e6:.1f} MB")
            done.put((answer.status_code, headers, data))
    except FetchError as error:
        done.put(error)
    except requests.Timeout:
        done.put(FetchError(f"no answer in {timeout:.0f} s"))
    except requests.ConnectionError:
        done.put(OfflineError(f"{urlsplit(url).hostname} cannot be reached"))
    except (requests.RequestException, OSError, ValueError) as error:
        done.put(FetchError(f"was not had: {type(error).__name__}"))


def _private(host: str) -> bool:
    """Return whether a host's first address is this machine's or a private network's."""
    try:
        return not ipaddress.ip_address(socket.getaddrinfo(host, None)[0][4][0]).is_global
    except (OSError, ValueError):
        return False


def fetch_all(urls: list[str], fetcher: Fetcher) -> tuple[dict[str, Fetched], dict[str, str]]:
    """Return the pages and, for each page that was not had, why.

    Raises
    ------
    InputError
        If the first hosts cannot be reached at all: the machine is offline, and waiting for the rest helps nobody.
    """
    pages: dict[str, Fetched] = {}
    failed: dict[str, str] = {}
    unreached: set[str] = set()
    for url in urls:
        host = urlsplit(url).hostname or ""
        try:
            if host in unreached:
                raise OfflineError(f"{host} cannot be reached")
            pages[url] = fetcher.fetch(url)
        except FetchError as error:
            failed[url] = str(error)
            if isinstance(error, OfflineError):
                unreached.add(host)
        hosts = {urlsplit(u).hostname for u in urls}
        if not pages and len(unreached) >= min(GIVE_UP_AFTER, len(hosts)):
            raise InputError(
                f"offline: none of {', '.join(sorted(unreached)[:GIVE_UP_AFTER])} can be reached",
                "fetching pages",
                "Connect this machine, or save the pages elsewhere and give the files.",
            )
    return pages, failed
