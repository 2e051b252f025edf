"""What deep-translator's engines get for the `requests` package while they are asked.

deep-translator offers no time-out, hides what a service answered, and puts whole texts and keys into URLs.
So its engines are handed a `Wire` for the length of a call: the functions `get` and `post` with a deadline,
fields in the body where the service takes them there, and the last answer kept.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import requests

MAX_ANSWER = 2_000_000  # bytes; a translation of 5,000 characters has a hundredth of it


class Wire:
    """What an engine gets for the `requests` package: `get` and `post` with a deadline; keeps the last answer."""

    def __init__(self, timeout: float, in_body: bool) -> None:
        """See `DeepTranslator`; nothing is sent yet."""
        import requests

        self.exceptions = requests.exceptions
        self._timeout, self._in_body = timeout, in_body
        self._response: requests.Response | None = None
        self.fault = ""

    def get(self, url: str, params: Any = None, **options: Any) -> "requests.Response":
        """Send a GET, or a POST where the engine's service takes one: texts and keys stay out of the URL."""
        return self._send("POST" if self._in_body else "GET", url, params, options)

    def post(self, url: str, params: Any = None, **options: Any) -> "requests.Response":
        """Send a POST."""
        return self._send("POST", url, params, options)

    def _send(self, method: str, url: str, params: Any, options: dict[str, Any]) -> "requests.Response":
        import requests
        import urllib3

        if self._in_body:
            fields = dict(params or {})
            if key := fields.pop("auth_key", None):  # DeepL takes its key in a header
                options["headers"] = {"Authorization": f"DeepL-Auth-Key {key}"}
            options["data"], params = fields, None
        deadline = time.monotonic() + self._timeout
        try:
            with (
                requests.Session() as session,
                session.request(method, url, params=params, timeout=self._timeout, stream=True, **options) as response,
            ):
                response._content = _body(response, deadline)
        except (requests.exceptions.Timeout, urllib3.exceptions.TimeoutError):
            self.fault = f"no answer within {self._timeout:g} s"
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            # the message of the error holds the URL, and with it the text: only its kind is told
            self.fault = f"the connection to {urlsplit(url).hostname} failed ({type(error).__name__})"
        else:
            self._response = response
            return response
        raise ConnectionAbortedError(self.fault)

    @property
    def status(self) -> int | None:
        """Status of the last answer, None if there was none."""
        return None if self._response is None else self._response.status_code

    def json(self) -> dict[str, Any]:
        """Return the last answer's object, empty where it is none."""
        try:
            value = None if self._response is None else self._response.json()
        except ValueError:
            value = None
        return value if isinstance(value, dict) else {}

    def said(self, key: str) -> str:
        """Return what the service gave as the reason, short, on one line and without the key."""
        given = self.json()
        names = ("error", "message", "detail", "responseDetails")
        reason = next((given[name] for name in names if given.get(name)), None)
        if isinstance(reason, dict):
            reason = reason.get("message")
        if not isinstance(reason, str) or not reason.strip():
            return ""
        line = " ".join(reason.split())
        return f": {line.replace(key, '…')[:160] if key else line[:160]}"

    def retry_after(self) -> float | None:
        """Return the seconds of the answer's Retry-After, which is a number or a date (RFC 9110, 10.2.3)."""
        value = "" if self._response is None else self._response.headers.get("Retry-After", "").strip()
        if value.isdigit():
            return float(value)
        try:
            return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
        except (ValueError, TypeError):
            return None


def _body(response: "requests.Response", deadline: float) -> bytes:
    """Read an answer until the deadline; a service that sends a byte a second is not waited for."""
    import requests

    parts: list[bytes] = []
    while part := response.raw.read1(65536, decode_content=True):
        parts.append(part)
        if time.monotonic() > deadline:
            raise requests.exceptions.ReadTimeout
        if sum(map(len, parts)) > MAX_ANSWER:
            raise requests.exceptions.ContentDecodingError
    return b"".join(parts)


@contextmanager
def wired(kind: type, timeout: float, in_body: bool) -> Iterator[Wire]:
    """Put a `Wire` in the place of the name `requests` in the engine's module while the block runs."""
    module: Any = sys.modules[kind.__module__]
    before, wire = module.requests, Wire(timeout, in_body)
    module.requests = wire
    try:
        yield wire
    finally:
        module.requests = before
