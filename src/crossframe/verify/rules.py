"""How far recomputed numbers may lie from the committed ones, and why; measured in docs/decisions/0051."""

from dataclasses import dataclass

from crossframe.verify.compare import Rule

# The first rule that matches applies. Strings, counts, ids, keys and lengths are always compared exactly.
RULES = (
    Rule("map.*.trustworthiness", 0.0, 0.02, "it is computed from UMAP's coordinates, which differ: see below"),
    Rule("map.*.procrustes_spread", 0.0, 0.45, "noise can put a group of documents on another side: .10 became .47"),
    Rule("map.*.neighbour_overlap", 0.0, 0.1, "of maps of other seeds; noise of 2e-8 in the vectors moved it by .06"),
    Rule(
        "*validity*.auc", 1e-3, 0.0, "a share of pairs in order: near-equal scores that change places move it by 2e-4"
    ),
    Rule("figures/11-validity.csv*.value", 1e-3, 0.0, "the same AUC, as the figure's data have it"),
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
    Floor("* what", 0.6, 0.7),  # noise of 2e-8 in the vectors: .08 to .12 in 7 of 8 draws, .48 in one; .79 to .88
    Floor("*", 0.9, 0.4),  # the map of how it is told: .26 to .70, and .50 to .66
)
