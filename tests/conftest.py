"""Shared by the tests: no network, a small synthetic study, encoders that need no weights."""

import csv
import hashlib
import json
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from crossframe.types import Event, FloatArray, Outlet

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that does not stay on this machine."""
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in {"127.0.0.1", "localhost", "::1"}:
            raise OSError(f"the tests run without a network, refused {address}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


class HashEncoder:
    """An encoder for tests: the mean of fixed random vectors of the words, with a language's offset."""

    name = "hash"
    dimension = 24

    def __init__(self, offsets: bool = False) -> None:
        self.calls: list[str] = []
        self._offsets = offsets

    @property
    def fingerprint(self) -> str:
        return f"hash-encoder-{self._offsets}"

    def encode(self, texts: Sequence[str], batch_size: int) -> FloatArray:
        self.calls += list(texts)
        rows = np.stack([self._vector(t) for t in texts])
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    def truncated(self, texts: Sequence[str]) -> list[bool]:
        return [len(t.split()) > 300 for t in texts]

    def _vector(self, text: str) -> FloatArray:
        return np.mean([_word_vector(w, self.dimension) for w in text.split()], axis=0)


def _word_vector(word: str, dimension: int) -> FloatArray:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "little")
    return np.random.default_rng(seed).normal(size=dimension)


@pytest.fixture
def hash_encoder() -> HashEncoder:
    return HashEncoder()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("CROSSFRAME_CACHE", str(folder))
    return folder


ARABIC = (
    "الوزارة المدينة القرى الطريق البحر النهر الجبل الكتاب القلم البيت الباب الشجرة الوردة المدرسة المستشفى السوق "
    "القطار المحطة الجسر الميناء الملعب الحديقة المتحف المسرح المكتبة الجامعة المزرعة القمح التمور الزيتون المطر "
    "الرياح الشتاء الصيف الربيع الخريف الصباح المساء الأطفال السكان العمال الأطباء المعلمون الزوار التجار الصيادون "
    "الفلاحون المهندسون الباحثون اللاعبون"
).split()
ENGLISH = (
    "ministry town village road sea river mountain book pencil house door tree flower school hospital market train "
    "station bridge harbour stadium garden museum theatre library college farm wheat dates olives rain wind winter "
    "summer spring autumn morning evening children residents workers doctors teachers visitors traders fishermen "
    "farmers engineers"
).split()
BLOCS = ("east", "west")


def document(number: int, event: str, outlet: str, **changes: object) -> dict[str, object]:
    """A valid row of documents.jsonl; each number gives other sentences, the outlet's bloc a word of its own."""
    generator = np.random.default_rng(number)
    own = ("صداقة", "friendship") if outlet.startswith("east") else ("صفقة", "bargain")
    arabic, english = [], []
    for _ in range(4):
        words = generator.permutation(len(ARABIC))[:15]
        arabic.append("وقالت " + own[0] + " إن " + " ".join(ARABIC[i] for i in words) + ".")
        english.append("The " + own[1] + " said that the " + " ".join(ENGLISH[i % len(ENGLISH)] for i in words) + ".")
    row: dict[str, object] = {
        "doc_id": f"{event}-{number:03d}", "event_id": event, "outlet_id": outlet, "via": None, "relay_of": [],
        "date": "2024-06-18", "date_confidence": "high", "language": "en", "url": f"https://example.org/{number}",
        "title": f"Line {number}", "title_ar": "خط جديد في الشمال", "claims": ["A line opens", "Residents welcome it"],
        "actors": ["ministry"], "summary_ar": " ".join(arabic), "summary_en": " ".join(english), "summary_orig": None,
        "sentence_claims": [[1], [1], [2], [1]], "wire_group": None, "basis": "excerpt", "written_by": "test",
        "note": "",
    }  # fmt: skip
    return row | changes


def write_study(root: Path, documents: Sequence[dict[str, object]], settings: str = "") -> Path:
    """Write a small study and return its folder."""
    raw = root / "data" / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    events = sorted({str(d["event_id"]) for d in documents})
    outlets = sorted({str(d["outlet_id"]) for d in documents})
    with (raw / "events.csv").open("w", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(list(Event.model_fields))
        writer.writerows(
            [e, e, "2024-06-18", "2024-06-19", f"Event {e}", "حدث", "What happened.", "ما جرى."] for e in events
        )
    with (raw / "outlets.csv").open("w", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(list(Outlet.model_fields))
        writer.writerows([o, o, "صحيفة", "", "", o.split("-")[0], "unknown", "en"] for o in outlets)
    with (raw / "parallel.csv").open("w", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["sentence_id", "topic", "en", "ar"])
        for i in range(44):
            writer.writerow([f"P{i:03d}", "weather", f"Rain fell on town number {i} during the night.",
                             f"هطل المطر على المدينة رقم {i} خلال ساعات الليل الماضية."])  # fmt: skip
    lines = "".join(json.dumps(d, ensure_ascii=False) + "\n" for d in documents)
    (raw / "documents.jsonl").write_text(lines, encoding="utf-8")
    blocs = "".join(
        f'[[blocs]]\nid = "{b}"\nname_en = "{b.title()}"\nname_ar = "كتلة"\ncolour = "#0077bb"\n' for b in BLOCS
    )
    (root / "study.toml").write_text(
        f'[study]\nid = "small"\ntitle_en = "Small"\ntitle_ar = "صغيرة"\n{settings}\n{blocs}', encoding="utf-8"
    )
    return root


def four_events() -> list[dict[str, object]]:
    """Four events, two blocs, three documents of each in each event."""
    rows, number = [], 0
    for event in ("A", "B", "C", "D"):
        for bloc in BLOCS:
            for i in range(3):
                number += 1
                rows.append(document(number, event, f"{bloc}-{i}"))
    return rows


@pytest.fixture
def small_documents() -> list[dict[str, object]]:
    """Rows of documents.jsonl: see `four_events`."""
    return four_events()


@pytest.fixture
def small_study(tmp_path: Path, small_documents: list[dict[str, object]]) -> Iterator[Path]:
    yield write_study(tmp_path / "study", small_documents)
