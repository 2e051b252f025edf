"""How far recomputed numbers may lie from the committed ones, and why; measured in docs/decisions/0051."""

from dataclasses import dataclass

from crossframe.verify.compare import Rule

# The first rule that matches applies. Strings, counts, ids, keys and lengths are always compared exactly.
RULES = (
    Rule("map.*.trustworthiness", 0.0, 0.02, "it is computed from UMAP's coordinates, which differ: see below"),
    Rule(
        "map.*.procrustes_spread", 0.0, 0.35, "of maps of other seeds; with one thread instead of two it moved by .25"
    ),
    Rule(
        "map.*.neighbour_overlap", 0.0, 0.12, "of maps of other seeds; with one thread instead of two it moved by .06"
    ),
    Rule(
        "*validity*.auc", 1e-3, 0.0, "a share of pairs in order: near-equal scores that change places move it by 1.5e-4"
    ),
    Rule("*", 1e-4, 1e-6, "vectors agree to 3e-7 a coordinate, and results are kept to six digits: the last may flip"),
)


@dataclass(frozen=True)
class Floor:
    """How alike two versions of a layout have to be."""

    pattern: str  # of the layout's path, as in fnmatch
    max_rms: float  # of the layout's radius, after alignment; permuted documents have about 1.3
    min_overlap: float  # of each document's nearest neighbours, on average; permuted documents keep about .07


# Columns of coordinates are compared as layouts, in tables whose name holds this word; the first floor that matches.
MAP = "map"
MAP_NEIGHBORS = 15
FLOORS = (
    Floor(
        "* what", 0.8, 0.6
    ),  # noise of 2e-8 in the vectors gave up to .20, and .76; one thread instead of two .54, .73
    Floor("*", 0.9, 0.35),  # the map of how it is told: up to .73, and .45
)
