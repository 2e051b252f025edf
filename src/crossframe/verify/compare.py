"""Two trees of results, value by value: what differs, by how much, and how much may."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from math import isclose
from typing import Any

from crossframe.changes import named

ABSENT = "absent"
_INDEX = re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True)
class Rule:
    """How far two floats at some paths may lie apart: absolute + relative * the larger magnitude."""

    pattern: str  # of the path without its indices, as in fnmatch
    relative: float
    absolute: float
    reason: str

    def allowed(self, a: float, b: float) -> float:
        """Return the largest difference that passes."""
        return self.absolute + self.relative * max(abs(a), abs(b))


@dataclass(frozen=True)
class Difference:
    """One value that differs by more than it may; `by` and `tolerance` are None where nothing can be measured."""

    path: str
    committed: Any
    recomputed: Any
    by: float | None = None
    tolerance: float | None = None


@dataclass
class Comparison:
    """What was compared so far, and what differs."""

    n_compared: int = 0
    differences: list[Difference] = field(default_factory=list)
    largest_relative: float = 0.0  # of all pairs of floats, passed or not
    largest_at: str = ""
    used: float = 0.0  # the largest share of a tolerance that a float took
    used_at: str = ""

    def differs(self, difference: Difference) -> None:
        """Count a value that differs."""
        self.n_compared += 1
        self.differences.append(difference)


def compare(path: str, committed: Any, recomputed: Any, rules: Sequence[Rule], found: Comparison) -> None:
    """Compare two trees of dicts, lists and plain values, and add what is found to `found`.

    Floats may differ as the first rule that matches their path says; all else, and the sets of keys and the
    lengths of lists, is compared exactly. A number that is an integer on both sides is a count: exact.

    Parameters
    ----------
    path
        Of these values; the indices of lists and rows stand in brackets and are left out when rules are looked up.
    committed, recomputed
        As `json.loads` gives them.
    rules
        The last one should match every path.
    found
        Gets the counts and differences.
    """
    if isinstance(committed, dict) and isinstance(recomputed, dict):
        for key in [*committed, *(k for k in recomputed if k not in committed)]:
            inner = f"{path}.{key}" if path else str(key)
            if key not in committed or key not in recomputed:
                sides = [_brief(side.get(key, ABSENT)) for side in (committed, recomputed)]
                found.differs(Difference(inner, sides[0], sides[1]))
            else:
                compare(inner, committed[key], recomputed[key], rules, found)
    elif isinstance(committed, list) and isinstance(recomputed, list):
        if len(committed) != len(recomputed):
            found.differs(Difference(path, _brief(committed), _brief(recomputed)))
            return
        for i, (a, b) in enumerate(zip(committed, recomputed, strict=True)):
            index = f"{i}:{name}" if (name := named(a)) else str(i)
            compare(f"{path}[{index}]", a, b, rules, found)
    elif _is_number(committed) and _is_number(recomputed) and float in {type(committed), type(recomputed)}:
        _compare_floats(path, float(committed), float(recomputed), rules, found)
    elif type(committed) is not type(recomputed) or committed != recomputed:
        by = float(abs(committed - recomputed)) if _is_number(committed) and _is_number(recomputed) else None
        found.differs(Difference(path, _brief(committed), _brief(recomputed), by, None if by is None else 0.0))
    else:
        found.n_compared += 1


def rule_of(path: str, rules: Sequence[Rule]) -> Rule:
    """Return the first rule that matches a path.

    Raises
    ------
    LookupError
        If none does.
    """
    bare = _INDEX.sub("", path)
    for rule in rules:
        if fnmatchcase(bare, rule.pattern):
            return rule
    raise LookupError(f"no rule of comparison matches {bare}")


def _compare_floats(path: str, a: float, b: float, rules: Sequence[Rule], found: Comparison) -> None:
    by, allowed = abs(a - b), rule_of(path, rules).allowed(a, b)
    relative = 0.0 if by == 0 else by / max(abs(a), abs(b))
    if relative > found.largest_relative:
        found.largest_relative, found.largest_at = relative, path
    if by and allowed and by / allowed > found.used:
        found.used, found.used_at = by / allowed, path
    # the last bit of the subtraction is no difference
    if by <= allowed or isclose(by, allowed, rel_tol=1e-9):
        found.n_compared += 1
    else:
        found.differs(Difference(path, a, b, by, allowed))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _brief(value: Any) -> Any:
    """Return a value as a table of differences shows it: containers by their size."""
    if isinstance(value, dict):
        return f"{len(value)} key(s)"
    return f"{len(value)} item(s)" if isinstance(value, list) else value
