"""Tables of two report folders: CSV cells as values, columns of coordinates as layouts."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np

from crossframe.errors import InputError
from crossframe.verify.compare import ABSENT, Comparison, Difference, compare
from crossframe.verify.coordinates import Likeness, likeness
from crossframe.verify.rules import FLOORS, MAP, MAP_NEIGHBORS, RULES, Floor

_PLACED = "placed"


@dataclass(frozen=True)
class Layout:
    """One layout of one table: how alike its two versions are, and whether that is enough."""

    path: str
    likeness: Likeness

    @property
    def floor(self) -> Floor:
        """How alike they have to be."""
        return next(floor for floor in FLOORS if fnmatchcase(self.path, floor.pattern))

    @property
    def alike(self) -> bool:
        """Whether it passes as the same map."""
        return self.likeness.rms <= self.floor.max_rms and self.likeness.overlap >= self.floor.min_overlap


def compare_table(name: str, committed: Path, recomputed: Path, found: Comparison) -> list[Layout]:
    """Compare two CSV files cell by cell, and the columns of coordinates of a map as layouts.

    Parameters
    ----------
    name
        What the table is called in the paths of differences.
    committed, recomputed
        The two files.
    found
        Gets the counts and differences.

    Returns
    -------
    list of Layout
        One for each pair of columns of coordinates that can be compared; a poor one is a difference too.
    """
    (header, rows), (header_now, rows_now) = read_table(committed), read_table(recomputed)
    if header != header_now:
        found.differs(Difference(f"{name} header", ",".join(header), ",".join(header_now)))
        return []
    on_a_map = MAP in Path(name).stem or {"doc_id", "x", "y"} <= set(header)
    pairs = list(_coordinates(header)) if on_a_map else []
    layouts = []
    if len(rows) == len(rows_now):
        layouts = [_layout(f"{name} {x[:-2] or MAP}", rows, rows_now, x, y) for x, y in pairs]
        for layout in layouts:
            _judge(layout, found)
    for row in (*rows, *rows_now) if pairs else ():
        row.update({column: _PLACED for pair in pairs for column in pair if row[column] != ""})
    compare(name, rows, rows_now, RULES, found)
    return layouts


def read_table(path: Path) -> tuple[list[str], list[dict[str, Any]]]:
    """Return the header of a CSV file, and its rows with numbers as int or float.

    Raises
    ------
    InputError
        If it is not UTF-8, or a row has not as many cells as the header.
    """
    try:
        with path.open(encoding="utf-8", newline="") as handle:
            header, *lines = list(csv.reader(handle)) or [[]]
    except UnicodeDecodeError as error:
        raise InputError("the table is not UTF-8", str(path), "`crossframe run` writes it anew.") from error
    for number, cells in enumerate(lines, 2):
        if len(cells) != len(header):
            what = f"line {number} has {len(cells)} cell(s), the header {len(header)}"
            raise InputError(what, str(path), "`crossframe run` writes it anew.")
    return header, [dict(zip(header, map(_value, cells), strict=True)) for cells in lines]


def _value(cell: str) -> Any:
    """Return a cell as the int or float that it spells exactly, else as it stands."""
    if not cell or cell[-1] not in "0123456789":
        return cell
    for kind in (int, float):
        try:
            value = kind(cell)
        except ValueError:
            continue
        if kind is float or str(value) == cell:
            return value
    return cell


def _coordinates(header: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of columns `x`, `y` and `name_x`, `name_y`."""
    for column in header:
        if column == "x" or column.endswith("_x"):
            other = column[:-1] + "y"
            if other in header:
                yield column, other


def _layout(path: str, rows: list[dict[str, Any]], rows_now: list[dict[str, Any]], x: str, y: str) -> Layout:
    """Compare the rows that have a place on both sides; that the same rows have one is compared as any value is."""
    both = [(a, b) for a, b in zip(rows, rows_now, strict=True) if all(_placed(r, x, y) for r in (a, b))]
    if len(both) < 3:
        return Layout(path, Likeness(len(both), 0.0, 1.0, 0))
    before, now = (np.array([[row[x], row[y]] for row in side], dtype=np.float64) for side in zip(*both, strict=True))
    return Layout(path, likeness(before, now, MAP_NEIGHBORS))


def _placed(row: dict[str, Any], x: str, y: str) -> bool:
    return all(isinstance(row[column], (int, float)) for column in (x, y))


def _judge(layout: Layout, found: Comparison) -> None:
    """Count the two measures of a layout, as differences where they do not pass."""
    measured, floor = layout.likeness, layout.floor
    if measured.rms > floor.max_rms:
        found.differs(Difference(f"{layout.path}: RMS after alignment", 0.0, measured.rms, measured.rms, floor.max_rms))
    else:
        found.n_compared += 1
    if measured.overlap < floor.min_overlap:
        by = 1 - measured.overlap
        found.differs(Difference(f"{layout.path}: neighbours kept", 1.0, measured.overlap, by, 1 - floor.min_overlap))
    else:
        found.n_compared += 1


def compare_names(kind: str, committed: Path, recomputed: Path, found: Comparison) -> list[str]:
    """Compare the names of the files of two folders; return those that both have, sorted."""
    before, now = ({p.name for p in folder.glob("*") if p.is_file()} for folder in (committed, recomputed))
    for name in sorted(before ^ now):
        here, there = ("present", ABSENT) if name in before else (ABSENT, "present")
        found.differs(Difference(f"{kind}/{name}", here, there))
    return sorted(before & now)
