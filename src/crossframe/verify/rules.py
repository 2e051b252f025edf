"""How far recomputed numbers may lie from the committed ones, and why; measured in docs/decisions/0051."""

from crossframe.verify.compare import Rule

# The first rule that matches applies. Strings, counts, ids, keys and lengths are always compared exactly.
RULES = (
    Rule("map.*.trustworthiness", 0.0, 0.02, "it is computed from UMAP's coordinates, which differ: see below"),
    Rule("*", 1e-4, 1e-6, "vectors agree to 3e-7 a coordinate, and results are kept to six digits: the last may flip"),
)

# Columns of coordinates are compared as layouts, in tables whose name holds this word.
MAP = "map"
MAP_NEIGHBORS = 15
MAX_RMS = 0.9  # of the layout's radius, after alignment; permuted documents have about 1.3
MIN_OVERLAP = 0.35  # of each document's nearest neighbours, on average; permuted documents keep about .07
