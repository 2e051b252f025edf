"""The section of results.json on the terms that tell of each discourse cluster."""

from collections.abc import Callable, Sequence
from typing import Any

from crossframe import arabic
from crossframe.config_sections import TermSection
from crossframe.keyness import Pairs, class_tfidf

MIN_RATIO = 1.0  # what a cluster uses less than the corpus does says nothing of it


def cluster_terms(
    summaries: Sequence[str], labels: Sequence[int], tokens: Callable[[str], Pairs], settings: TermSection
) -> list[dict[str, Any]]:
    """Return the terms with the largest c-TF-IDF of each cluster's Arabic summaries.

    Parameters
    ----------
    summaries, labels
        Arabic summary and cluster (0, 1, ...) of each document.
    tokens
        Text -> (key, shown form) of its terms, such as `crossframe.arabic.terms_without` gives.
    settings
        The section `[terms]` of study.toml; `n_terms` and `min_documents` are used.

    Returns
    -------
    list of dict
        One a cluster in the order of its number: `cluster`, `n_documents`, and `terms`, each with `term`,
        `weight`, `ratio` and `n_documents` (see `crossframe.keyness.ClassTerm`).
    """
    clusters = sorted(set(labels))
    found = class_tfidf(
        summaries, [str(c) for c in labels], tokens, arabic.shown_forms,
        settings.n_terms, settings.min_documents, min_ratio=MIN_RATIO,
    )  # fmt: skip
    return [
        {
            "cluster": c,
            "n_documents": list(labels).count(c),
            "terms": [
                {"term": t.term, "weight": t.weight, "ratio": t.ratio, "n_documents": t.n_documents}
                for t in found
                if t.group == str(c)
            ],
        }
        for c in clusters
    ]
