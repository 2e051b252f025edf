"""Engines of deep-translator behind one protocol: with limits, keys, and faults that say what to do."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

from crossframe.errors import InputError
from crossframe.wire import Wire, wired

TIMEOUT = 30.0  # seconds for one answer
_LETTERS_TO_JUDGE = 20  # a shorter answer may well be a name or a number that is the same in both languages
_PASSING = frozenset({408, 425, 429})  # besides all of 500 and above
_SCRIPTS = {"ar": ("\u0600", "\u06ff"), "en": ("A", "z")}


class TryAgainError(Exception):
    """A fault that may pass: a time-out, too many requests, an answer that cannot be read.

    `wait` holds the seconds that the service asked to wait (its `Retry-After`), if it did.
    """

    def __init__(self, what: str, wait: float | None = None) -> None:
        """Keep what happened, without text, key or URL."""
        self.what, self.wait = what, wait
        super().__init__(what)


class Limits(Protocol):
    """How an engine is called in the memory, and how much it takes at a time."""

    @property
    def name(self) -> str:
        """Name of the engine."""

    @property
    def max_characters(self) -> int:
        """Largest number of characters of one request."""

    @property
    def max_bytes(self) -> int:
        """Largest number of bytes of UTF-8 of one request."""


class Translator(Limits, Protocol):
    """Turns one text into another language.

    `translate` raises `TryAgainError` for what may pass, and `InputError` for what will not.
    """

    def translate(self, text: str, source: str, target: str) -> str:
        """Return the translation of `text`; `source` and `target` are ISO 639-1 codes."""
        ...


@dataclass(frozen=True)
class Engine:
    """What has to be known of an engine beyond its class in deep-translator."""

    name: str
    class_name: str
    max_characters: int
    max_bytes: int  # of UTF-8: what the service, or a URL that holds the text, can carry
    needs_key: bool = False
    in_body: bool = False  # takes its fields in the body of a POST as well as in the URL
    codes: Mapping[str, str] = field(default_factory=dict)  # where a service has a code of its own


_ALL = (
    Engine("google", "GoogleTranslator", 4500, 2500, codes={"zh": "zh-CN", "he": "iw"}),
    Engine("libre", "LibreTranslator", 1900, 8000, in_body=True),
    Engine("mymemory", "MyMemoryTranslator", 480, 480, codes={"zh": "zh-CN"}),
    Engine("deepl", "DeeplTranslator", 4500, 20000, needs_key=True, in_body=True),
    Engine("microsoft", "MicrosoftTranslator", 4500, 20000, needs_key=True, codes={"zh": "zh-Hans"}),
)
ENGINES = {engine.name: engine for engine in _ALL}
_ADDRESSES = {"libre": "https://libretranslate.com/", "mymemory": "https://api.mymemory.translated.net/get"}
_TAKE_A_KEY = frozenset({"libre", "deepl", "microsoft"})
_PUBLIC_LIBRE = "libretranslate.com"  # wants a key; a server of one's own does not


def key_variable(engine: str) -> str:
    """Return the environment variable that an engine's API key is read from."""
    return f"CROSSFRAME_{engine.upper()}_KEY"


def known_engine(name: str) -> Engine:
    """Return what is known of an engine.

    Raises
    ------
    InputError
        If there is none of that name.
    """
    if name not in ENGINES:
        raise InputError(f"unknown translation engine {name!r}", "--engine", f"Known: {', '.join(ENGINES)}.")
    return ENGINES[name]


class DeepTranslator:
    """An engine of the deep-translator package, by its name."""

    def __init__(self, name: str = "google", url: str | None = None, timeout: float = TIMEOUT) -> None:
        """Check name, address and key; nothing is imported or asked yet.

        Parameters
        ----------
        name
            One of `ENGINES`.
        url
            Address of the service instead of the engine's own, such as a LibreTranslate server.
        timeout
            Seconds for one answer, from the first byte sent to the last one read.

        Raises
        ------
        InputError
            If the engine is unknown, the address is none, or a key is needed and not set.
        """
        engine = known_engine(name)
        self.name, self.max_characters, self.max_bytes = name, engine.max_characters, engine.max_bytes
        self._engine, self._timeout = engine, timeout
        self._key = os.environ.get(key_variable(name), "").strip()
        self._url = _address(name, url)
        own_server = name != "libre" or urlsplit(self._url or "").hostname != _PUBLIC_LIBRE
        if not self._key and (engine.needs_key or not own_server):
            more = "" if own_server else " A server of your own needs none: --url http://localhost:5000"
            raise InputError("needs an API key", f"engine {name!r}", f"Set {key_variable(name)}.{more}")

    def translate(self, text: str, source: str, target: str) -> str:
        """Ask the engine once."""
        translator = self._translator(source, target)
        with wired(type(translator), self._timeout, self._engine.in_body) as wire:
            try:
                answer = translator.translate(text)
            except Exception as error:  # the engines raise a kind each, and some messages hold the key
                raise self._fault(wire, error) from None
        if wire.status is not None and not 200 <= wire.status < 300:
            raise self._fault(wire, ValueError())
        return self._checked(answer, text, target, wire)

    def _translator(self, source: str, target: str) -> Any:
        """Return the engine's object. Languages are set past its own lists, which are years old."""
        import deep_translator

        kind = getattr(deep_translator, self._engine.class_name)
        options: dict[str, Any] = {"source": "auto", "target": "auto"}
        if self.name == "deepl":
            options["use_free_api"] = self._key.endswith(":fx")  # DeepL's own mark of a free key
        if self.name == "microsoft":
            # its constructor would fetch a list of languages; the service itself knows best
            own = {"_get_supported_languages": lambda _self: {}, "__module__": kind.__module__}
            kind = type(kind.__name__, (kind,), own)
            options["region"] = os.environ.get("CROSSFRAME_MICROSOFT_REGION")
        if self.name in _TAKE_A_KEY:
            options["api_key"] = self._key or "none"
        translator = kind(**options)
        translator.source = self._engine.codes.get(source, source)
        translator.target = self._engine.codes.get(target, target)
        if self.name == "libre":
            translator.api_key = self._key  # the constructor refuses an empty one
        if self._url:
            translator._base_url = self._url
        return translator

    def _fault(self, wire: Wire, error: Exception) -> Exception:
        """Return what to raise: a fault that may pass, or one that the user has to mend."""
        where = f"engine {self.name!r}"
        if wire.fault:
            return TryAgainError(wire.fault)
        if wire.status is None:
            return InputError(f"deep-translator refused the call ({type(error).__name__})", where)
        said = wire.said(self._key)
        if wire.status in _PASSING or wire.status >= 500:
            return TryAgainError(f"it answered with status {wire.status}{said}", wire.retry_after())
        if wire.status in {401, 403}:
            remedy = f"Check {key_variable(self.name)} and your account there."
            if self.name not in _TAKE_A_KEY:
                remedy = "It may bar your network for a while: go on later, or choose another engine."
            return InputError(f"the service refuses access, status {wire.status}{said}", where, remedy)
        if 200 <= wire.status < 300:
            return TryAgainError("its answer cannot be read as a translation")
        remedy = "Check the languages, the address (--url) and your plan there; what was translated is kept."
        return InputError(f"the service refuses the request, status {wire.status}{said}", where, remedy)

    def _checked(self, answer: object, text: str, target: str, wire: Wire) -> str:
        """Return the answer if it is a text that can be a translation."""
        if self.name == "mymemory":
            status = wire.json().get("responseStatus")
            if str(status) != "200":  # its refusals come as translations, in an answer with status 200
                used_up = str(status) == "429"
                what = "the day's allowance is used up" if used_up else f"it answered with status {status}"
                remedy = "Go on tomorrow, or choose another engine; what was translated is kept."
                raise InputError(f"{what}{wire.said(self._key)}", f"engine {self.name!r}", remedy)
        if not isinstance(answer, str) or not answer.strip():
            raise TryAgainError("it answered without a text")
        letters = [c for c in answer if c.isalpha()]
        first, last = _SCRIPTS.get(target, ("", "\U0010ffff"))
        if len(letters) >= _LETTERS_TO_JUDGE and not any(first <= c <= last for c in letters):
            same = answer.strip() == text.strip()
            raise TryAgainError("it gave the text back untranslated" if same else f"its answer is not in {target!r}")
        return answer.strip()


def _address(name: str, url: str | None) -> str | None:
    """Return the address that an engine is to use, None for its own."""
    if url is None:
        return _ADDRESSES.get(name)
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InputError(f"{url!r} is not an address", "--url", "Example: --url http://localhost:5000")
    if name in {"libre", "deepl"}:  # they append the name of their one function
        return url.removesuffix("/").removesuffix("/translate") + "/"
    return url
