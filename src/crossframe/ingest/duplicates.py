"""Near-duplicates by character shingles."""

from collections.abc import Mapping

from crossframe.text import match_form

SHINGLE = 5  # characters; short enough for Arabic clitics, long enough to be rare


def shingles(text: str) -> frozenset[str]:
    """Return the character 5-grams of the text's match form."""
    folded = match_form(text)
    return frozenset(folded[i : i + SHINGLE] for i in range(max(1, len(folded) - SHINGLE + 1)))


def near_duplicates(texts: Mapping[str, str], threshold: float) -> list[tuple[str, str, float]]:
    """Return the pairs of ids whose Jaccard similarity of shingles reaches `threshold` (Broder 1997).

    Exact, over an inverted index of shingles, so that only pairs which share any are compared.

    Returns
    -------
    list of (id, id, similarity), sorted
    """
    sets = {key: shingles(text) for key, text in sorted(texts.items())}
    index: dict[str, list[str]] = {}
    out = []
    for key, own in sets.items():
        shared: dict[str, int] = {}
        for shingle in own:
            for other in index.get(shingle, ()):
                shared[other] = shared.get(other, 0) + 1
            index.setdefault(shingle, []).append(key)
        for other, n in shared.items():
            similarity = n / (len(own) + len(sets[other]) - n)
            if similarity >= threshold:
                out.append((other, key, similarity))
    return sorted(out)
