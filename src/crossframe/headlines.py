"""The headline claims of the report: what was found, how large, how sure, and where the evidence is."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from crossframe.contrast import event_of

LEVEL = 0.05
N_CLAIMS = 8  # pairs that the first page has room for

Finding = Literal["common", "varying", "unclear"]


def headlines(results: Mapping[str, Any]) -> dict[str, Any]:
    """Return the claims about pairs of blocs and the counts that the report's first page gives.

    Parameters
    ----------
    results
        The sections `contrasts`, `robust`, `evidence` and `events_told` of results.json.

    Returns
    -------
    dict
        Counts of pairs (`n_pairs`, `n_identifiable`, `n_firm` at a corrected p of .05; the same of the primary
        family: `n_primary`, `n_primary_identifiable`, `n_primary_refused`, `n_primary_firm`) and of events told one
        by one (`n_events_told`), and `claims`: the
        identifiable primary pairs, or, where none was named before looking, the pairs with the largest effects.
        Each has the pair, `finding` (see `finding`), effect with interval, corrected p, the share of
        specifications with a positive effect and with p <= .05 (None where the grid does not have the pair),
        the shared events, and the documents whose sentences the report shows.
    """
    pairs = results["contrasts"]
    told = [c for c in pairs if c["p"] is not None]
    primary = [c for c in pairs if c["family"] == "primary"]
    shown = [c for c in told if c["family"] == "primary"] if primary else sorted(told, key=lambda c: -c["effect"])
    return {
        "n_pairs": len(pairs),
        "n_identifiable": len(told),
        "n_firm": sum(c["p_corrected"] <= LEVEL for c in told),
        "n_primary": len(primary),
        "n_primary_identifiable": sum(c["p"] is not None for c in primary),
        "n_primary_refused": sum(c["p"] is None for c in primary),
        "n_primary_firm": sum(c["p"] is not None and c["p_corrected"] <= LEVEL for c in primary),
        "n_events_told": len(results["events_told"]),
        "claims": [_claim(c, results) for c in shown[:N_CLAIMS]],
    }


def finding(pair: Mapping[str, Any]) -> Finding:
    """Say what a contrast shows.

    "common": the two differ in the same direction across events (corrected p at most .05); "varying": they are
    apart within events (the interval lies above 0), in no direction that is shown to be the same; "unclear":
    neither is shown.
    """
    if pair["p_corrected"] <= LEVEL:
        return "common"
    return "varying" if pair["low"] is not None and pair["low"] > 0 else "unclear"


def _claim(pair: Mapping[str, Any], results: Mapping[str, Any]) -> dict[str, Any]:
    grid = _of_pair(results["robust"]["specifications"]["primary"], pair) or {}
    shown = _of_pair(results["evidence"], pair) or {"a": [], "b": []}
    kept = ("bloc_a", "bloc_b", "effect", "low", "high", "common", "p_corrected", "correction")
    return {
        **{key: pair[key] for key in kept},
        "finding": finding(pair),
        **{key: grid.get(key) for key in ("n_specifications", "share_positive", "share_p05")},
        "events": list(dict.fromkeys(event_of(e["event"]) for e in pair["by_event"])),
        "documents": [s["doc_id"] for side in (shown["a"], shown["b"]) for s in side[:1]],
    }


def _of_pair(rows: Sequence[Mapping[str, Any]], pair: Mapping[str, Any]) -> Mapping[str, Any] | None:
    return next((x for x in rows if (x["bloc_a"], x["bloc_b"]) == (pair["bloc_a"], pair["bloc_b"])), None)
