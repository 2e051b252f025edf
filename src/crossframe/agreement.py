"""Do coders agree? Krippendorff's alpha, Gwet's AC1 and plain agreement, each with what bounds it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from crossframe.errors import InputError
from crossframe.types import FloatArray

PERCENTILES = (2.5, 97.5)  # a 95 % interval
MAX_UNDEFINED = 0.05  # above it the resamples that are left are not a fair picture of all
ONE_CODE = "all codes are the same: alpha compares with chance, and chance would agree too"
NO_PAIRS = "no document has two codes"

Statistic = Callable[[FloatArray, FloatArray], FloatArray]


@dataclass(frozen=True)
class Coefficient:
    """A coefficient with its 95 % bootstrap interval; what cannot be had is None, and `reason` says why."""

    value: float | None
    low: float | None = None
    high: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class Agreement:
    """How far coders agree on one variable.

    `n_documents` counts documents with two or more codes, `n_codes` all codes; `percent` is the share of equal
    pairs of codes, the mean over these documents, in [0, 1].
    """

    n_documents: int
    n_coders: int
    n_codes: int
    percent: float | None
    alpha: Coefficient
    ac1: Coefficient
    n_bootstrap: int
    seed: int


def agreement(codes: FloatArray, n_bootstrap: int = 999, seed: int = 7) -> Agreement:
    """Return the agreement of any number of coders on one nominal variable.

    The intervals are percentiles over resampled documents. Krippendorff's own bootstrap (Hayes & Krippendorff
    2007) draws pairs and holds the expected disagreement fixed; here a document is drawn with all its codes and
    the expectation is computed anew, since both vary when other documents are coded. A resample in which a
    coefficient is not defined is left out; where these are more than 5 % there is no interval. Perfect agreement
    has an interval of no width: resamples cannot show a disagreement that no document has.

    Parameters
    ----------
    codes
        Shape (n_documents, n_coders); any numbers are categories, NaN is "not coded".
    n_bootstrap
        Resamples of documents.
    seed
        Of the resamples.

    Raises
    ------
    InputError
        If the table is not two-dimensional or has no code.

    References
    ----------
    Krippendorff 2018, Content Analysis, chapter 12. Hayes & Krippendorff 2007. Gwet 2008.
    """
    if codes.ndim != 2 or not np.isfinite(codes).any():
        raise InputError(f"codes must be a table of documents by coders with a code in it, got {codes.shape}", "codes")
    counts = tally(codes[np.isfinite(codes).any(axis=1)])
    n = len(counts)
    resamples = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=n_bootstrap).astype(np.float64)
    paired = counts.sum(axis=1) >= 2
    return Agreement(
        n_documents=int(paired.sum()),
        n_coders=int(np.isfinite(codes).any(axis=0).sum()),
        n_codes=int(np.isfinite(codes).sum()),
        percent=_number(percent_agreement(counts, np.ones((1, n)))[0]),
        alpha=_bounded(krippendorff_alpha, counts, resamples, ONE_CODE if paired.any() else NO_PAIRS),
        ac1=_bounded(gwet_ac1, counts, resamples, NO_PAIRS),
        n_bootstrap=n_bootstrap,
        seed=seed,
    )


def tally(codes: FloatArray) -> FloatArray:
    """Return how many coders gave each document each category: shape (n_documents, n_categories)."""
    categories = np.unique(codes[np.isfinite(codes)])
    counts: FloatArray = (codes[:, :, None] == categories).sum(axis=1).astype(np.float64)
    return counts


def krippendorff_alpha(counts: FloatArray, weights: FloatArray) -> FloatArray:
    """Return Krippendorff's alpha for nominal data (Krippendorff 2018, chapter 12).

    alpha = 1 - (n - 1) (n - o) / (n (n - 1) - sum_c n_c (n_c - 1)), where n counts the codes that can be paired,
    n_c those of category c, and o sums each document's equal pairs, divided by its codes less one.

    Parameters
    ----------
    counts
        Shape (n_documents, n_categories), from `tally`; documents with one code are left out.
    weights
        Shape (n_resamples, n_documents): how often each document counts.

    Returns
    -------
    ndarray of shape (n_resamples,); NaN where all codes are the same or none can be paired
    """
    coders = counts.sum(axis=1)
    usable = np.where(coders[:, None] >= 2, counts, 0.0)
    matching = weights @ (_pairs(usable) / np.maximum(coders - 1, 1))
    by_category = weights @ usable
    n = by_category.sum(axis=1)
    unlike = n * (n - 1) - _pairs(by_category)
    return _quotient(unlike - (n - 1) * (n - matching), unlike)


def gwet_ac1(counts: FloatArray, weights: FloatArray) -> FloatArray:
    """Return Gwet's AC1 (Gwet 2008): (a - e) / (1 - e), with e = sum_k s_k (1 - s_k) / (q - 1).

    a is the agreement over documents with two or more codes, s_k the mean over all coded documents of the
    share of their coders that chose category k, q the number of categories (2 where all chose the same).

    Parameters and result are those of `krippendorff_alpha`; NaN only where no document has two codes.
    """
    agreed = percent_agreement(counts, weights)
    shares = counts / counts.sum(axis=1, keepdims=True)
    mean = weights @ shares / weights.sum(axis=1, keepdims=True)
    chance = (mean * (1 - mean)).sum(axis=1) / (max(counts.shape[1], 2) - 1)
    result: FloatArray = (agreed - chance) / (1 - chance)
    return result


def percent_agreement(counts: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the share of equal pairs of codes, the mean over documents with two or more; see `gwet_ac1`."""
    coders = counts.sum(axis=1)
    paired = (coders >= 2).astype(np.float64)
    per_document = _pairs(counts) / np.maximum(coders * (coders - 1), 1)
    return _quotient(weights @ (per_document * paired), weights @ paired)


def _pairs(counts: FloatArray) -> FloatArray:
    pairs: FloatArray = (counts * (counts - 1)).sum(axis=1)
    return pairs


def _quotient(above: FloatArray, below: FloatArray) -> FloatArray:
    quotient: FloatArray = np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)
    return quotient


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _bounded(statistic: Statistic, counts: FloatArray, resamples: FloatArray, undefined: str) -> Coefficient:
    """Return a statistic of all documents once, and the percentiles of its resamples."""
    value = _number(statistic(counts, np.ones((1, len(counts))))[0])
    if value is None:
        return Coefficient(None, reason=undefined)
    drawn = statistic(counts, resamples)
    known = drawn[np.isfinite(drawn)]
    missing = 1 - len(known) / len(drawn)
    if missing > MAX_UNDEFINED:
        return Coefficient(value, reason=f"no interval: not defined in {missing:.0%} of the resamples")
    low, high = np.percentile(known, PERCENTILES)
    return Coefficient(value, float(low), float(high))
