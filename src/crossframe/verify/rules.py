"""How far recomputed numbers may lie from the committed ones, and why; measured in docs/decisions/0051."""

from crossframe.verify.compare import Rule

# The first rule that matches applies. Strings, counts, ids, keys and lengths are always compared exactly.
RULES = (Rule("*", 1e-4, 1e-6, "vectors differ in the seventh digit"),)

# Columns of coordinates are compared as layouts, in tables whose name holds this word.
MAP = "map"
MAP_NEIGHBORS = 15
MAX_RMS = 0.5  # of the layout's radius, after alignment
MIN_OVERLAP = 0.5  # of each document's nearest neighbours, on average
