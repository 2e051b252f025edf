"""How the work of encoding is divided: batches of like length."""

from collections.abc import Iterator, Sequence

USUAL_TOKENS = 32  # of a sentence: a batch of `batch_size` texts is one of `batch_size * USUAL_TOKENS` tokens


def like_lengths(lengths: Sequence[int], batch_size: int) -> Iterator[list[int]]:
    """Yield the positions of texts in batches, the longest first, so that little is padded.

    Parameters
    ----------
    lengths
        Tokens of each text, 1 or more. Characters would not do: Hangul and Latin differ threefold in
        characters a token, so that a batch of like characters was padded by half in mixed languages.
    batch_size
        Sentences of usual length in a batch. Padded, a batch has `batch_size * USUAL_TOKENS` tokens at
        most, or is one text.
    """
    order = sorted(range(len(lengths)), key=lambda i: (-lengths[i], i))
    start = 0
    while start < len(order):
        size = max(1, batch_size * USUAL_TOKENS // lengths[order[start]])
        yield order[start : start + size]
        start += size
