"""Figures that say how far the results can be trusted, and which of them got worse."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal

from crossframe.robust import LEVEL
from crossframe.verify.compare import rule_of
from crossframe.verify.rules import RULES

Sense = Literal["higher", "lower", "nominal"]

# path without the names of rows -> what is better
MEASURES: tuple[tuple[str, Sense], ...] = (
    ("frames.validity.auc", "higher"),
    ("frames.validity.f1", "higher"),
    ("frames.coding.frames.alpha.value", "higher"),
    ("space.retrieval.*.after", "higher"),
    ("space.language_residue.mean_after", "higher"),
    ("space.language_residue.probe_after", "lower"),
    ("map.*.trustworthiness", "higher"),
    ("voices.quality.*.precision", "higher"),
    ("voices.quality.*.recall", "higher"),
    ("robust.placebo.rate", "nominal"),
    ("clusters.stability.subsamples.mean", "higher"),
    ("clusters.stability.seeds.mean", "higher"),
    ("clusters.stability.encoders.*", "higher"),
    ("clusters.stability.ward", "higher"),
)


@dataclass(frozen=True)
class Regression:
    """A figure of validity that got worse, or is not there any more (`recomputed` is None)."""

    path: str
    committed: float
    recomputed: float | None
    better: Sense

    def __str__(self) -> str:
        """Return it as a line for people."""
        now = "absent" if self.recomputed is None else f"{self.recomputed:g}"
        wish = f"nearer to {LEVEL}" if self.better == "nominal" else self.better
        return f"{self.path}: {self.committed:g} -> {now} ({wish} is better)"


def regressions(committed: dict[str, Any], recomputed: dict[str, Any]) -> list[Regression]:
    """Return the figures of validity that are worse than before by more than numbers may differ anyway.

    Parameters
    ----------
    committed, recomputed
        Two results.json.
    """
    now = {path: value for path, _sense, value in _figures(recomputed)}
    out = []
    for path, sense, before in _figures(committed):
        after = now.get(path)
        if after is None or _badness(after, sense) - _badness(before, sense) > _allowed(path, before, after):
            out.append(Regression(path, before, after, sense))
    return out


def _badness(value: float, sense: Sense) -> float:
    if sense == "nominal":
        return abs(value - LEVEL)
    return value if sense == "lower" else -value


def _allowed(path: str, a: float, b: float) -> float:
    return rule_of(path, RULES).allowed(a, b)


def _figures(results: dict[str, Any]) -> Iterator[tuple[str, Sense, float]]:
    """Yield (path, sense, value); rows are named by their texts, so that a row more moves no other."""
    for path, bare, value in _walk("", "", results):
        for pattern, sense in MEASURES:
            if fnmatchcase(bare, pattern) and isinstance(value, (int, float)):
                yield path, sense, float(value)


def _walk(path: str, bare: str, value: Any) -> Iterator[tuple[str, str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            dot = "." if path else ""
            yield from _walk(f"{path}{dot}{key}", f"{bare}{dot}{key}", inner)
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            texts = [v for v in inner.values() if isinstance(v, str)] if isinstance(inner, dict) else []
            yield from _walk(f"{path}[{'/'.join(texts) or i}]", bare, inner)
    else:
        yield path, bare, value
