"""Near-duplicates by character shingles: pairs, and groups in large collections."""

import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import chain

from crossframe.text import match_form

SHINGLE = 5  # characters; short enough for Arabic clitics, long enough to be rare
COPY = 0.7  # Jaccard similarity from which texts are copies of one: wire copies with a changed lead stay above
_MANY = 5000  # texts; above it not all pairs that share a shingle are compared
_CANDIDATE = 0.5  # at which candidates are sought, so that few above COPY are missed
_PERMUTATIONS = 128
_KEPT = 512  # sets of shingles in memory; a long text's takes half a megabyte
_FAVOUR_RECALL = (0.1, 0.9)  # weights of false positives and negatives; the exact check removes the former


def shingles(text: str) -> frozenset[str]:
    """Return the character 5-grams of the text's match form."""
    folded = match_form(text)
    return frozenset(folded[i : i + SHINGLE] for i in range(max(1, len(folded) - SHINGLE + 1)))


def near_duplicates(texts: Mapping[str, str], threshold: float) -> list[tuple[str, str, float]]:
    """Return the pairs of ids whose Jaccard similarity of shingles reaches `threshold` (Broder 1997).

    Exact, over an inverted index of shingles, so that only pairs which share any are compared. That grows with
    the square of the texts: of more than 5,000 only the candidates of `duplicate_groups` are compared, among
    which a pair just above the threshold may be missing.

    Returns
    -------
    list of (id, id, similarity), sorted
    """
    if len(texts) > _MANY:
        return sorted((min(a, b), max(a, b), similarity) for a, b, similarity in _similar(texts, threshold))
    sets = {key: shingles(text) for key, text in sorted(texts.items())}
    index: dict[str, list[str]] = {}
    out = []
    for key, own in sets.items():
        shared = Counter(chain.from_iterable(index.get(shingle, ()) for shingle in own))
        for shingle in own:
            index.setdefault(shingle, []).append(key)
        for other, n in shared.items():
            similarity = n / (len(own) + len(sets[other]) - n)
            if similarity >= threshold:
                out.append((other, key, similarity))
    return sorted(out)


def duplicate_groups(texts: Mapping[str, str], threshold: float = COPY) -> dict[str, str]:
    """Return id -> group for the texts that have a near-duplicate; the group is called after its first id.

    Candidates come from MinHash with locality-sensitive hashing (Broder 1997; Indyk & Motwani 1998; `datasketch`);
    a pair joins a group only if its exact Jaccard similarity reaches `threshold`. Groups are closed under "copy of a
    copy". Empty texts are in none.

    Parameters
    ----------
    texts
        id -> text.
    threshold
        Jaccard similarity of character 5-grams, in [0, 1].
    """
    ids = [key for key, text in texts.items() if match_form(text)]
    parent = {key: key for key in ids}
    place = {key: i for i, key in enumerate(ids)}

    def root(key: str) -> str:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for one, other, _similarity in _similar(texts, threshold):
        first, second = sorted((root(one), root(other)), key=lambda k: place[k])
        parent[second] = first
    members: dict[str, list[str]] = {}
    for key in ids:
        members.setdefault(root(key), []).append(key)
    return {key: group for group, keys in members.items() if len(keys) > 1 for key in keys}


def _similar(texts: Mapping[str, str], threshold: float) -> Iterator[tuple[str, str, float]]:
    """Yield (id, earlier id, similarity) of the pairs that hashing brings together and that reach the threshold."""
    from datasketch import MinHash, MinHashLSH

    ids = [key for key, text in texts.items() if match_form(text)]
    index = MinHashLSH(threshold=min(_CANDIDATE, threshold), num_perm=_PERMUTATIONS, weights=_FAVOUR_RECALL)

    @lru_cache(maxsize=_KEPT)
    def of(key: str) -> frozenset[str]:
        return shingles(texts[key])

    for number, key in enumerate(ids):
        sketch = MinHash(num_perm=_PERMUTATIONS, hashfunc=zlib.crc32)
        sketch.update_batch([s.encode("utf-8", "surrogatepass") for s in sorted(of(key))])
        for other in sorted(int(found) for found in index.query(sketch)):
            if (similarity := _jaccard(of(key), of(ids[other]))) >= threshold:
                yield key, ids[other], similarity
        index.insert(str(number), sketch)


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)
