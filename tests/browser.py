"""A headless Chromium for tests, spoken to through the DevTools protocol on loopback; no driver is needed."""

import base64
import contextlib
import itertools
import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import websocket

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--no-first-run", "--hide-scrollbars", "--remote-debugging-port=0", "--remote-allow-origins=*",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--force-device-scale-factor=1", "--lang=en-US",
)  # fmt: skip
_PATIENCE = 120.0  # seconds: a busy machine starts a browser slowly


def browser_path() -> str | None:
    """Return the path of a Chromium, None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Page:
    """One tab: opens files, evaluates expressions, presses keys, and remembers errors and requests."""

    def __init__(self, address: str) -> None:
        self._socket = websocket.create_connection(address, timeout=_PATIENCE, enable_multithread=False)
        self._numbers = itertools.count(1)
        self.errors: list[str] = []
        self.requests: list[str] = []
        self._loaded = False
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def close(self) -> None:
        self._socket.close()

    def call(self, method: str, **params: Any) -> Any:
        """Send a command and return its result; what happens meanwhile is noted."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("id") == number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self._note(message)

    def _note(self, message: dict[str, Any]) -> None:
        method, params = message.get("method"), message.get("params", {})
        if method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Runtime.consoleAPICalled" and params["type"] in {"error", "warning", "assert"}:
            self.errors.append(str(params["args"]))
        elif method == "Log.entryAdded" and params["entry"]["level"] in {"error", "warning"}:
            self.errors.append(params["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Page.javascriptDialogOpening":
            self.errors.append(f"dialog: {params['message']}")
        elif method == "Page.loadEventFired":
            self._loaded = True

    def open(self, path: Path, fragment: str = "") -> None:
        """Open a file afresh, with a fragment after `#`."""
        self._go("about:blank")
        self.errors.clear()
        self.requests.clear()
        self._go(path.resolve().as_uri() + (f"#{fragment}" if fragment else ""))

    def _go(self, address: str) -> None:
        """Open an address and wait until it has loaded."""
        self._loaded = False
        self.call("Page.navigate", url=address)
        deadline = time.monotonic() + _PATIENCE
        while not self._loaded:
            if time.monotonic() > deadline:
                raise RuntimeError(f"{address} did not load")
            self._note(json.loads(self._socket.recv()))

    def size(self, width: int, height: int) -> None:
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def js(self, expression: str) -> Any:
        """Return the value of an expression; an exception in it is raised."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"].get("exception", {}).get("description", "exception"))
        return result["result"].get("value")

    def text(self, selector: str) -> str:
        """Return what is to be read, without the marks that keep a number's direction."""
        text = str(self.js(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''"))
        return re.sub("[\u2066-\u2069]", "", text)

    def click(self, selector: str) -> None:
        self.js(f"document.querySelector({json.dumps(selector)}).click()")

    def key(self, key: str, modifiers: int = 0) -> None:
        """Press a key where the focus is."""
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        common = {"key": key, "modifiers": modifiers, "windowsVirtualKeyCode": _CODES.get(key, 0)}
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **common)
        self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    def type(self, selector: str, text: str) -> None:
        """Put text into a field as a keyboard would."""
        self.js(f"(() => {{ const x = document.querySelector({json.dumps(selector)}); x.focus(); x.select(); }})()")
        if text:
            self.call("Input.insertText", text=text)
        else:
            self.key("Delete")

    def mouse(self, kind: str, x: float, y: float, **params: Any) -> None:
        """Move, press or release the mouse, or turn its wheel."""
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **params)

    def screenshot(self) -> bytes:
        return base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])


_CODES = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowUp": 38,
          "ArrowRight": 39, "ArrowDown": 40, "Delete": 46}  # fmt: skip


@contextlib.contextmanager
def chromium(folder: Path) -> Iterator[Page]:
    """Start a Chromium with a profile of its own under `folder` and yield a page of it; it ends with the block."""
    path = browser_path()
    if path is None:
        raise RuntimeError("there is no Chromium")
    command = [path, *_FLAGS, f"--user-data-dir={folder}", "about:blank"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        port = _port(folder / "DevToolsActivePort", process)
        page = Page(_tab(port))
        try:
            yield page
        finally:
            page.close()
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _port(path: Path, process: subprocess.Popen[bytes]) -> int:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if path.is_file() and (lines := path.read_text().splitlines()):
            return int(lines[0])
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError("Chromium did not start")


def _tab(port: int) -> str:
    """Return the address of the first tab."""
    import http.client

    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
        try:
            connection.request("GET", "/json/list")
            tabs = [t for t in json.loads(connection.getresponse().read()) if t["type"] == "page"]
        finally:
            connection.close()
        if tabs:
            return str(tabs[0]["webSocketDebuggerUrl"])
        time.sleep(0.05)
    raise RuntimeError("Chromium opened no tab")
