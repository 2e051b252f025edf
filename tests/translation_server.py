"""A translation service on loopback that answers in the manner of four engines, and misbehaves on demand."""

import json
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


def translated(text: str, target: str) -> str:
    """The translation that this service gives: another one for every text, in the letters of the language."""
    number = zlib.crc32(text.encode())
    return (
        f"ترجمة الجملة رقم {number} إلى العربية."
        if target.startswith("ar")
        else f"Sentence number {number} in English."
    )


@dataclass(frozen=True)
class Request:
    """What came in: how, where to, which text into which language, and what went with it."""

    method: str
    url: str
    text: str
    target: str
    fields: dict[str, Any]
    headers: dict[str, str]


@dataclass(frozen=True)
class Status:
    """An answer other than a translation."""

    code: int
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Delay:
    """The right answer, late."""

    seconds: float


@dataclass
class Service:
    """The running service: `script` says what to do with the next requests; after it, every one is answered."""

    url: str = ""
    script: list[Any] = field(default_factory=list)
    asked: list[Request] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def taken(self, request: Request) -> Any:
        with self.lock:
            self.asked.append(request)
            return self.script.pop(0) if self.script else "answer"


class Handler(BaseHTTPRequestHandler):
    """Understands LibreTranslate, DeepL, Google, MyMemory and Microsoft, as deep-translator asks them."""

    server: "Server"

    def do_GET(self) -> None:
        self._answer({k: v[0] for k, v in parse_qs(urlsplit(self.path).query).items()})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        query = {k: v[0] for k, v in parse_qs(urlsplit(self.path).query).items()}
        if self.headers.get("Content-Type", "").startswith("application/json"):
            self._answer({"json": json.loads(body), **query})
        else:
            self._answer({**query, **{k: v[0] for k, v in parse_qs(body).items()}})

    def _answer(self, fields: dict[str, Any]) -> None:
        text = fields.get("q") or fields.get("text") or fields["json"][0]["text"]
        target = next(fields[k] for k in ("target", "target_lang", "tl", "to", "langpair") if k in fields).split("|")[
            -1
        ]
        request = Request(self.command, self.path, text, target, fields, dict(self.headers))
        action = self.server.service.taken(request)
        try:
            self._act(action, request)
        except OSError:  # the client is gone: killed, or tired of waiting
            self.close_connection = True

    def _act(self, action: Any, request: Request) -> None:
        good = self._in_the_manner_of_the_engine(request, translated(request.text, request.target))
        if isinstance(action, Status):
            self._send(action.code, action.body, action.headers)
        elif isinstance(action, Delay):
            time.sleep(action.seconds)
            self._send(200, good)
        elif action == "drip":
            self._head(200, len(good.encode()))
            for byte in good.encode():
                self.wfile.write(bytes([byte]))
                time.sleep(0.1)
        elif action == "cut":
            self._head(200, len(good.encode()) + 500)
            self.wfile.write(good.encode()[: len(good.encode()) // 2])
            self.close_connection = True
        elif action == "hang up":
            self.close_connection = True
            self.connection.close()
        elif isinstance(action, tuple):  # ("says", something) in the place of the translation
            self._send(200, self._in_the_manner_of_the_engine(request, action[1]))
        else:
            self._send(200, good)
            self.server.service.answered.append(request.text)

    def _in_the_manner_of_the_engine(self, request: Request, answer: Any) -> str:
        if "target_lang" in request.fields:
            return json.dumps({"translations": [{"text": answer}]})
        if "json" in request.fields:
            return json.dumps([{"translations": [{"text": answer, "to": request.target}]}])
        if "langpair" in request.fields:
            return json.dumps({"responseData": {"translatedText": answer}, "responseStatus": 200, "matches": []})
        if "tl" in request.fields:
            return f'<html><div class="result-container">{escape(str(answer))}</div></html>'
        return json.dumps({"translatedText": answer})

    def _head(self, code: int, length: int, headers: dict[str, str] | None = None) -> None:
        self.send_response(code)
        for name, value in {"Content-Length": str(length), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()

    def _send(self, code: int, body: str, headers: dict[str, str] | None = None) -> None:
        self._head(code, len(body.encode()), headers)
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """The server with its script beside it."""

    daemon_threads = True
    service: Service


@contextmanager
def running(script: list[Any] | None = None) -> Iterator[Service]:
    """Run the service on a free port of loopback while the block runs."""
    server = Server(("127.0.0.1", 0), Handler)
    server.service = Service(f"http://127.0.0.1:{server.server_address[1]}", list(script or []))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
