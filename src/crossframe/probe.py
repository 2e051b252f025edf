"""How much of the language is left in the space: a probe, and retrieval among parallel sentences."""

from collections.abc import Mapping, Sequence
from itertools import permutations
from typing import Any

import numpy as np

from crossframe.config_sections import SpaceSection
from crossframe.space import concatenated, language_free, retrieval_accuracy
from crossframe.threads import small_work
from crossframe.types import FloatArray, IntArray

_FOLDS = 5
_AS_IT_IS = {"remove_language_means": False, "language_directions": 0}


def language_residue(parallel: Sequence[Mapping[str, FloatArray]], settings: SpaceSection, seed: int) -> dict[str, Any]:
    """Measure language in the space before and after the adjustment, on sentences it was not learnt from.

    Sentences are split in five folds; means and directions, and the probe, are learnt on four of them and
    applied to the fifth. The probe is a multinomial logistic regression that names the language of a
    sentence; without any language left it does no better than chance, one in the number of languages.

    Parameters
    ----------
    parallel
        One mapping an encoder: language -> vectors of shape (n_sentences, dimension), row i of the same
        meaning in every language.
    settings
        The section `[space]` of study.toml.
    seed
        Of the folds.

    Returns
    -------
    dict
        `chance`, `probe_before`, `probe_after`; for each direction "a->b" the share of sentences that find
        their own in the other language among all; their means; `n_sentences` and `n_folds`.
    """
    languages = sorted(parallel[0])
    n = len(parallel[0][languages[0]])
    fold = np.random.default_rng(seed).permutation(n) % min(_FOLDS, n)
    with small_work(n * len(languages)):
        before = _held_out(parallel, languages, fold, settings.model_copy(update=_AS_IT_IS))
        after = _held_out(parallel, languages, fold, settings)
    directions = {
        f"{a}->{b}": {
            "before": retrieval_accuracy(before[1][a], before[1][b]),
            "after": retrieval_accuracy(after[1][a], after[1][b]),
        }
        for a, b in permutations(languages, 2)
    }
    return {
        "chance": 1 / len(languages),
        "probe_before": before[0],
        "probe_after": after[0],
        "directions": directions,
        "mean_before": float(np.mean([d["before"] for d in directions.values()])) if directions else None,
        "mean_after": float(np.mean([d["after"] for d in directions.values()])) if directions else None,
        "n_sentences": n,
        "n_folds": int(fold.max()) + 1,
        "seed": seed,
    }


def _held_out(
    parallel: Sequence[Mapping[str, FloatArray]], languages: Sequence[str], fold: IntArray, settings: SpaceSection
) -> tuple[float | None, dict[str, FloatArray]]:
    """Return the probe's accuracy and the sentences' vectors, each from the folds it was not part of."""
    from sklearn.linear_model import LogisticRegression

    n = len(fold)
    width = sum(next(iter(p.values())).shape[1] for p in parallel)
    rows = {language: np.empty((n, width)) for language in languages}
    correct = total = 0
    for held_out in np.unique(fold):
        train, test = np.flatnonzero(fold != held_out), np.flatnonzero(fold == held_out)
        known = [{language: p[language][train] for language in languages} for p in parallel]
        free = {
            language: concatenated(
                [
                    language_free(
                        p[language], [language] * n, k, settings.remove_language_means, settings.language_directions
                    )
                    for p, k in zip(parallel, known, strict=True)
                ]
            )
            for language in languages
        }
        for language in languages:
            rows[language][test] = free[language][test]
        if len(languages) > 1:
            probe = LogisticRegression(max_iter=500)
            probe.fit(np.vstack([free[x][train] for x in languages]), np.repeat(languages, len(train)))
            said = probe.predict(np.vstack([free[x][test] for x in languages]))
            correct += int((said == np.repeat(languages, len(test))).sum())
            total += len(said)
    return (correct / total if total else None), rows
