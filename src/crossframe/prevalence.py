"""How frequent is a frame, when all documents have labels with errors and some have codes?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crossframe.errors import InputError
from crossframe.types import FloatArray

Z_95 = 1.959963984540054  # the normal quantile of a two-sided 95 % interval
MIN_CODED = 10  # below it the spread of the errors, and with it the interval, is a guess
ALL = "all"


@dataclass(frozen=True)
class Share:
    """The share of documents that carry a frame, in a group (or `all`).

    `naive` is the mean of the labels; `share` the corrected estimate with its standard error and 95 % interval,
    None with a `reason` where too few documents are coded. Neither is cut off at 0 or 1: that would bias it.
    """

    group: str
    n_documents: int
    n_coded: int
    naive: float
    share: float | None
    error: float | None
    low: float | None
    high: float | None
    reason: str = ""


def corrected_share(
    labels: FloatArray, codes: FloatArray, probability: FloatArray, groups: Sequence[str] | None = None
) -> list[Share]:
    """Estimate a share by design-based supervised learning, overall and by group.

    With Y' the label, R = 1 for a coded document, pi its probability of having been drawn for coding and Y its
    code, the pseudo-outcome is Y' + (R / pi) (Y - Y'). Its mean is unbiased however wrong the labels are, because
    pi is known; better labels only make it more precise (Egami, Hinck, Stewart & Wei 2023, "Using imperfect
    surrogates for downstream inference", section 4). The standard error is that of the mean of independent
    pseudo-outcomes; a stratified draw makes it a little too large. The labels must have been made without these
    codes, or be cross-fitted.

    Parameters
    ----------
    labels
        Shape (n_documents,), in [0, 1]: a 0/1 label or a probability, for every document.
    codes
        Shape (n_documents,), in [0, 1], NaN where the document was not coded.
    probability
        Shape (n_documents,), in (0, 1], of having been drawn; read for coded documents only.
    groups
        Of each document, for shares by group.

    Raises
    ------
    InputError
        If lengths differ, there is no document, or a label, code or probability is out of its range.
    """
    _check(labels, codes, probability, groups)
    coded = np.isfinite(codes)
    pseudo = labels.astype(np.float64).copy()
    pseudo[coded] += (codes[coded] - labels[coded]) / probability[coded]
    out = [_share(ALL, labels, pseudo, coded)]
    if groups is not None:
        names = np.array(groups)
        out += [_share(g, labels[names == g], pseudo[names == g], coded[names == g]) for g in sorted(set(groups))]
    return out


def _share(group: str, labels: FloatArray, pseudo: FloatArray, coded: FloatArray) -> Share:
    n, n_coded, naive = len(pseudo), int(coded.sum()), float(labels.mean())
    if n_coded < MIN_CODED:
        reason = f"{n_coded} coded documents; {MIN_CODED} are needed"
        return Share(group, n, n_coded, naive, None, None, None, None, reason)
    share, error = float(pseudo.mean()), float(pseudo.std(ddof=1) / np.sqrt(n))
    return Share(group, n, n_coded, naive, share, error, share - Z_95 * error, share + Z_95 * error)


def _check(labels: FloatArray, codes: FloatArray, probability: FloatArray, groups: Sequence[str] | None) -> None:
    n = len(labels)
    lengths = {"codes": len(codes), "probability": len(probability), "groups": n if groups is None else len(groups)}
    for name, length in lengths.items():
        if length != n:
            raise InputError(f"{length} {name} for {n} labels", "corrected_share")
    if n == 0:
        raise InputError("there is no document", "corrected_share")
    coded = np.isfinite(codes)
    if not (np.isfinite(labels).all() and ((labels >= 0) & (labels <= 1)).all()):
        raise InputError("a label is missing or not in [0, 1]", "corrected_share", "Every document needs a label.")
    if not ((codes[coded] >= 0) & (codes[coded] <= 1)).all():
        raise InputError("a code is not in [0, 1]", "corrected_share")
    if not ((probability[coded] > 0) & (probability[coded] <= 1)).all():
        raise InputError("a coded document has no probability in (0, 1]", "corrected_share", "Take it from the key.")
