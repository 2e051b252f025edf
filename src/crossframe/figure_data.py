"""What each figure draws, as plain rows: the same in every language, and the CSV beside the figure."""

from collections.abc import Mapping
from typing import Any

from crossframe.caption_parts import Results, comparable, hows, large_events, speaking, told
from crossframe.figure_words import Tongue
from crossframe.pipeline import Outcome
from crossframe.study import pick

Row = dict[str, Any]
_DIGITS = 4  # of a map's coordinates


def of_map_by_event(outcome: Outcome) -> list[Row]:
    """One row a document: its place on the map of what is told."""
    study = outcome.study
    families = {e.event_id: e.event_family or e.event_id for e in study.corpus.events.values()}
    return [
        {"doc_id": d, "event": e, "family": families[e], "x": round(x, _DIGITS), "y": round(y, _DIGITS)}
        for d, e, (x, y) in zip(study.ids, study.events, outcome.what.xy.tolist(), strict=True)
    ]


def of_map_by_bloc(outcome: Outcome) -> list[Row]:
    """One row a document that can be matched: its place on the map of how events are told."""
    study, rows = outcome.study, outcome.study.matched
    labels = zip(pick(study.ids, rows), pick(study.events, rows), pick(study.blocs, rows), strict=True)
    return [
        {"doc_id": d, "event": e, "bloc": b, "x": round(x, _DIGITS), "y": round(y, _DIGITS)}
        for (d, e, b), (x, y) in zip(labels, outcome.how.xy.tolist(), strict=True)
    ]


def of_events(outcome: Outcome) -> list[Row]:
    """The same rows, with the panel that shows them in colour: none where the event is small."""
    large = set(large_events(outcome.results))
    return [{**row, "panel": row["event"] if row["event"] in large else ""} for row in of_map_by_bloc(outcome)]


def of_distances(results: Results) -> list[Row]:
    """One row a pair of blocs that stand on the figure."""
    blocs = comparable(results)
    return _some(
        [c for c in results["contrasts"] if c["bloc_a"] in blocs and c["bloc_b"] in blocs],
        "bloc_a", "bloc_b", "effect", "p_corrected",
    )  # fmt: skip


def of_contrasts(results: Results) -> list[Row]:
    """One row a pair that has an interval, in the order of the figure."""
    return _some(told(results), "bloc_a", "bloc_b", "family", "effect", "low", "high", "common", "p_corrected")


def of_specifications(outcome: Outcome) -> list[Row]:
    """One row a pair and specification in which it is identifiable, in the order of the figure."""
    rows = outcome.results["robust"]["specifications"]["rows"]
    texts = list(dict.fromkeys(r["text"] for r in rows))
    known = [r for r in rows if any(p["p"] is not None for p in r["primary"])]
    known.sort(key=lambda r: (texts.index(r["text"]), "+" not in r["encoder"], r["encoder"]))
    return [
        {"bloc_a": a, "bloc_b": b, "specification": number, **{k: row[k] for k in ("text", "encoder", "language")},
         **row["primary"][i]}
        for i, (a, b) in enumerate(outcome.study.config.contrasts.primary)
        for number, row in enumerate(known)
        if row["primary"][i]["p"] is not None
    ]  # fmt: skip


def of_power(results: Results) -> list[Row]:
    """One row a pair and planted distance."""
    return [
        {"bloc_a": c["bloc_a"], "bloc_b": c["bloc_b"], **{k: p[k] for k in ("size", "rate", "low", "high")}}
        for c in results["robust"]["power"]
        for p in c["points"]
    ]


def of_clusters(results: Results) -> list[Row]:
    """One row a bloc and cluster (numbered from 1)."""
    return [
        {"bloc": bloc, "cluster": j + 1, "n": n, "share": n / sum(counts)}
        for bloc, counts in results["clusters"]["by_bloc"].items()
        if sum(counts)
        for j, n in enumerate(counts)
    ]


def of_terms(results: Results) -> list[Row]:
    """One row a bloc and term, the strongest first."""
    compared = [b["id"] for b in results["study"]["blocs"] if b["compare"]]
    return [{"bloc": b, "term": t["term"], "z": t["z"]} for b in compared for t in results["terms"].get(b, [])]


def of_frames(results: Results) -> list[Row]:
    """One row a bloc and frame, of the blocs that are compared."""
    compared = {b["id"] for b in results["study"]["blocs"] if b["compare"]}
    rows = [r for r in results["frames"]["by_bloc"] if r["bloc"] in compared]
    return _some(rows, "bloc", "frame", "mean", "low", "high", "n_documents")


def of_validity(results: Results, tongue: Tongue) -> list[Row]:
    """One row a frame and way of scoring (its AUC), and one a frame (the coders' agreement)."""
    frames = results["frames"]
    auc = [
        {"frame": r["frame"], "measure": "auc", "text": r["text"], "how": r["how"], "value": r["auc"]}
        for r in frames["validity"]
        if r["language"] == "all" and (r["text"], r["how"]) in hows(results, tongue)
    ]
    alpha = [
        {"frame": r["frame"], "measure": "alpha", "text": "", "how": "", "value": r["alpha"]["value"]}
        for r in frames["coding"]["frames"]
    ]
    return auc + alpha


def of_axes(results: Results) -> list[Row]:
    """One row an axis and bloc."""
    return _some(results["axes"]["rows"], "axis", "bloc", "bias", "low", "high", "p_corrected")


def of_voices(results: Results) -> list[Row]:
    """One row a bloc of outlets and bloc of speakers; speakers of no bloc of the study are taken together."""
    voices = results["voices"]["blocs"]
    blocs = [b["id"] for b in results["study"]["blocs"]]
    out = []
    for bloc in speaking(results):
        heard = {s["bloc"]: s["n"] for s in voices[bloc]["speaker_blocs"]}
        total = voices[bloc]["n_attributions"]
        known = {b: heard[b] for b in blocs if b in heard}
        parts = {**known, "": max(0, total - sum(known.values()))}
        out += [
            {"outlet_bloc": bloc, "speaker_bloc": b, "n": n, "share": n / total} for b, n in parts.items() if n or b
        ]
    return out


def _some(rows: list[Mapping[str, Any]], *columns: str) -> list[Row]:
    return [{c: row[c] for c in columns} for row in rows]
