"""What an edit changed: two results.json value by value, and the compared pairs side by side."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crossframe.headlines import finding

ABSENT = ""  # stands where a value is on the other side alone
# what names a row of a list, for the reader of a path
_NAMES = ("id", "event_id", "doc_id", "bloc_a", "bloc_b", "outlet_bloc", "axis", "frame", "bloc", "unit", "term")
_LEFT_OUT = ("figures", "draft")  # sentences about the numbers, and what a draft says of itself
PAIR_HEADER = ["pair", "effect_before", "effect", "p_before", "p", "finding_before", "finding"]


def named(row: Any) -> str:
    """Return what a row is called, empty where it has no name."""
    if not isinstance(row, dict):
        return ""
    names = [str(row[k]) for k in _NAMES if isinstance(row.get(k), str) and row[k]]
    return "/".join(names[:3]).replace("[", "(").replace("]", ")")


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[list[Any]]:
    """Return [value, before, after] for every value of `after` or `before` that is not on both sides.

    Values are called by their path; a row of a list by its names, or by its place where it has none.
    """
    then, now = ({k: v for k, v in side.items() if k not in _LEFT_OUT} for side in (before, after))
    old, new = dict(_values("", then)), dict(_values("", now))
    paths = [*new, *(path for path in old if path not in new)]
    return [[p, old.get(p, ABSENT), new.get(p, ABSENT)] for p in paths if old.get(p, ABSENT) != new.get(p, ABSENT)]


def changed_pairs(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[list[str]]:
    """Return a row of `PAIR_HEADER` for all blocs together, and for every pair whose effect, p or finding is another.

    Effects have four decimals and p four significant digits; of a pair that cannot be compared all are empty. p is the
    corrected one. All blocs together have R² for an effect, and no finding.
    """
    then, now = ({**_omnibus(side), **_pairs(side)} for side in (before, after))
    nothing = ("", "", "")
    found = []
    for pair in [*now, *(p for p in then if p not in now)]:
        old, new = then.get(pair, nothing), now.get(pair, nothing)
        if old != new:
            found.append([pair, *(cell for both in zip(old, new, strict=True) for cell in both)])
    return found


def _omnibus(results: Mapping[str, Any]) -> dict[str, tuple[str, str, str]]:
    told = results["permanova"]
    return {"all": (f"{told['r2']:.4f}", f"{told['p']:.4g}", "")}


def _pairs(results: Mapping[str, Any]) -> dict[str, tuple[str, str, str]]:
    return {
        f"{c['bloc_a']}–{c['bloc_b']}": (f"{c['effect']:.4f}", f"{c['p_corrected']:.4g}", finding(c))
        for c in results["contrasts"]
        if c["p"] is not None
    }


def _values(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield every plain value with its path."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _values(f"{path}.{key}" if path else str(key), inner)
    elif isinstance(value, list):
        for index, inner in zip(_indices(value), value, strict=True):
            yield from _values(f"{path}[{index}]", inner)
    else:
        yield path, value


def _indices(rows: Sequence[Any]) -> Iterator[str]:
    """Yield each row's names; a number follows where rows share them, and stands alone where a row has none."""
    seen: dict[str, int] = {}
    for row in rows:
        name = named(row)
        seen[name] = seen.get(name, 0) + 1
        yield f"{name} {seen[name]}".strip() if seen[name] > 1 or not name else name
