"""A verdict for people, as lines, and for programs, as JSON."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from crossframe.verify import Verdict
from crossframe.verify.compare import Difference

_HEADER = ("path", "committed", "recomputed", "difference", "tolerance")
_OF_A_KIND, _IN_ALL, _WIDTH = 3, 40, 60
_INDEX = re.compile(r"\[[^\]]*\]")


def lines(verdict: Verdict, show_all: bool) -> Iterator[str]:
    """Yield what is printed: changed inputs, differences, maps, validity that got worse, and the count.

    Parameters
    ----------
    verdict
        See `crossframe.verify.verify`.
    show_all
        Every difference, instead of a few of each kind.
    """
    for sentence in verdict.inputs:
        yield f"{sentence}: run crossframe run"
    found = verdict.compared.found
    if found.differences:
        yield from _table(found.differences, show_all)
    for layout in verdict.compared.layouts:
        m, floor = layout.likeness, layout.floor
        yield (
            f"{layout.path}: RMS {m.rms:.3f} of the radius after alignment (at most {floor.max_rms}), "
            f"{m.overlap:.3f} of {m.n_neighbors} neighbours kept (at least {floor.min_overlap})"
        )
    if verdict.worse:
        yield f"validity got worse in {len(verdict.worse)} figure(s):"
        yield from (f"  {figure}" for figure in verdict.worse)
    if found.largest_at:
        yield f"largest relative difference of two floats: {found.largest_relative:.2g} at {found.largest_at}"
    yield f"{found.n_compared} values compared, {len(found.differences)} differ"


def as_json(verdict: Verdict) -> dict[str, Any]:
    """Return the verdict as plain values."""
    found = verdict.compared.found
    return {
        "same": verdict.same,
        "updated": verdict.updated,
        "inputs_changed": verdict.inputs,
        "n_compared": found.n_compared,
        "n_differ": len(found.differences),
        "largest_relative": found.largest_relative,
        "largest_relative_at": found.largest_at,
        "largest_share_of_tolerance": found.used,
        "largest_share_of_tolerance_at": found.used_at,
        "differences": [asdict(d) for d in found.differences],
        "maps": [
            {"path": layout.path, "alike": layout.alike, **asdict(layout.likeness)}
            for layout in verdict.compared.layouts
        ],
        "validity_worse": [asdict(figure) for figure in verdict.worse],
        "notes": verdict.notes,
    }


def _table(differences: Sequence[Difference], show_all: bool) -> Iterator[str]:
    """Yield the differences kind by kind, the largest first, in columns."""
    kinds: dict[str, list[Difference]] = {}
    for difference in differences:
        kinds.setdefault(_INDEX.sub("", difference.path), []).append(difference)
    rows: list[Sequence[str]] = [_HEADER]
    left_out = 0
    for kind, members in kinds.items():
        ordered = sorted(members, key=lambda d: -(d.by or 0.0))
        shown = len(ordered) if show_all else min(_OF_A_KIND, len(ordered), max(0, _IN_ALL - len(rows)))
        rows += [_cells(d) for d in ordered[:shown]]
        if 0 < shown < len(ordered):
            rows.append((f"  and {len(ordered) - shown} more of {kind}", "", "", "", ""))
        left_out += len(ordered) if not shown else 0
    widths = [max(len(row[i]) for row in rows) for i in range(len(_HEADER))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    if left_out:
        yield f"and {left_out} more of other kinds; --all shows them"


def _cells(d: Difference) -> tuple[str, ...]:
    by = "-" if d.by is None else f"{d.by:.3g}"
    tolerance = "exact" if not d.tolerance else f"{d.tolerance:.3g}"
    return d.path, _short(d.committed), _short(d.recomputed), by, tolerance


def _short(value: Any) -> str:
    text = f"{value:.6g}" if isinstance(value, float) else str(value).replace("\n", " ")
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"
