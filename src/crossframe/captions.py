"""What the figures say: a title that states the finding, a note on the method, an alternative text; from results."""

from collections.abc import Callable, Mapping
from typing import Any, get_args

from crossframe.canvas import FIRM
from crossframe.caption_parts import (
    MIN_DOCUMENTS,
    NAMED,
    Results,
    Words,
    comparable,
    event_names,
    firm_rows,
    large_events,
    several,
    speaking,
    told,
    words,
)
from crossframe.figure_words import Language, Tongue
from crossframe.frame_captions import axes_words, frames_words, validity_words, voices_words
from crossframe.numerals import Numerals

CLEAR, WEAK = 0.5, 0.25  # silhouettes (Kaufman & Rousseeuw 1990): below the latter there is no structure to speak of
_GATHER = 1.5  # times the share of variance that events would have by chance


def captions(results: Results, numerals: Numerals = "latin") -> list[dict[str, Any]]:
    """Return the words of every figure that the results allow, in the order of the report.

    Parameters
    ----------
    results
        As in results.json.
    numerals
        Digits of the Arabic words.

    Returns
    -------
    list
        `name` (of the figure's file), and under `en` and `ar` its `title`, `note` and `alt`.
    """
    tongues = {code: Tongue.of(results, code, numerals) for code in get_args(Language)}
    return [
        {"name": name, **{code: words(results, tongue) for code, tongue in tongues.items()}}
        for name, (there, words) in _FIGURES.items()
        if there(results)
    ]


def _translated(results: Results, tongue: Tongue, which: str = "n_compared") -> str:
    """Return what a note says of machine translation: nothing where there is none."""
    corpus = results["corpus"]
    n = corpus["machine_translated"][which]
    values = {"n": tongue.number(n, 0), "m": tongue.number(corpus["n_independent"], 0)}
    return tongue.say("both.translated", **values) if n else ""


def _map_note(display: Mapping[str, Any], tongue: Tongue) -> str:
    some = display["fitted_on"] < display["n_documents"]
    counts = {"n": tongue.number(display["fitted_on"], 0), "m": tongue.number(display["n_documents"], 0)}
    return (tongue.say("both.sampled_map", **counts) + " " if some else "") + tongue.say(
        "both.how_map", t=tongue.number(display["trustworthiness"]), k=tongue.number(display["n_neighbors"], 0),
        n=tongue.number(display["n_seeds"] + 1, 0), s=tongue.number(display["procrustes_spread"]),
        o=tongue.percent(display["neighbour_overlap"]),
    )  # fmt: skip


def _map_by_event(results: Results, tongue: Tongue) -> Words:
    corpus, share = results["corpus"], results["space"]["variance_share"]["language_free"]
    chance = (corpus["n_events"] - 1) / max(1, corpus["n_independent"] - 1)
    values = {
        "event": tongue.percent(share["event"]), "bloc": tongue.percent(share["bloc"]),
        "chance": tongue.percent(chance), "n": tongue.number(corpus["n_independent"], 0),
        "k": tongue.number(corpus["n_events"], 0),
    }  # fmt: skip
    title = "gather" if share["event"] >= _GATHER * chance else "apart"
    note = tongue.say("map-by-event.note"), _map_note(results["map"]["what"], tongue), _translated(results, tongue)
    return words(tongue.say(f"map-by-event.{title}", **values), tongue.say("map-by-event.alt", **values), *note)


def _map_by_bloc(results: Results, tongue: Tongue) -> Words:
    test, display = results["permanova"], results["map"]["how"]
    values = {
        "p": tongue.p(test["p"]), "share": tongue.percent(test["r2"]),
        "n": tongue.number(sum(e["n"] for e in display["events"]), 0), "k": tongue.number(display["n_blocs"], 0),
    }  # fmt: skip
    title = "same" if test["p"] > FIRM else "differ" if test["r2"] < 0.5 else "apart"
    note = tongue.say("map-by-bloc.note"), _map_note(display, tongue), _translated(results, tongue)
    return words(tongue.say(f"map-by-bloc.{title}", **values), tongue.say("map-by-bloc.alt", **values), *note)


def _events(results: Results, tongue: Tongue) -> Words:
    rows = [e for e in results["map"]["how"]["events"] if e["n"] >= MIN_DOCUMENTS]
    n_blocs = results["map"]["how"]["n_blocs"]
    top = max(rows, key=lambda e: e["n_blocs"])
    full = sum(e["n_blocs"] == n_blocs for e in rows)
    number = {"n": tongue.number(len(rows), 0), "m": tongue.number(n_blocs, 0)}
    event = {"event": event_names(results, tongue)[str(top["event_id"])], "k": tongue.number(top["n_blocs"], 0)}
    title = (
        tongue.say("events.some", **number, k=tongue.number(full, 0))
        if full
        else tongue.say("events.none", **number, **event)
    )
    note = tongue.say("events.note", least=tongue.number(MIN_DOCUMENTS, 0))
    return words(title, tongue.say("events.alt", **number, **event), note)


def _distances(results: Results, tongue: Tongue) -> Words:
    rows = results["contrasts"]
    known = [c for c in rows if c["effect"] is not None]
    firm = sorted(firm_rows(known), key=lambda c: -c["effect"])
    n = {"k": tongue.number(len(firm), 0), "n": tongue.number(len(known), 0), "m": tongue.number(len(rows), 0)}
    if firm:
        top = firm[0]["effect"] == max(c["effect"] for c in known)
        title = tongue.say(f"distances.{'firm' if top else 'firm_not_top'}", pair=tongue.pair(firm[0]), **n)
    else:
        title = tongue.say(f"distances.{'none' if known else 'unknown'}", **n)
    blocs = comparable(results)
    lacking = [b["id"] for b in results["study"]["blocs"] if b["compare"] and b["id"] not in blocs]
    left_out = tongue.say("distances.left_out", blocs=several(tongue, [tongue.bloc(b) for b in lacking]))
    alt = tongue.say("distances.alt", b=tongue.number(len(blocs), 0), **n)
    largest = sorted(known, key=lambda c: -c["effect"])[:NAMED]
    if largest:
        pairs = [f"{tongue.pair(c)} {tongue.number(c['effect'])}" for c in largest]
        alt += " " + tongue.say("distances.alt_top", pairs=several(tongue, pairs))
    note = tongue.say("distances.note"), left_out if lacking else "", _translated(results, tongue)
    return words(title, alt, *note)


def _contrasts(results: Results, tongue: Tongue) -> Words:
    rows = told(results)
    primary, others = ([c for c in rows if (c["family"] == "primary") == first] for first in (True, False))
    firm = len(firm_rows(rows))
    n = {
        "k": tongue.number(len(firm_rows(primary)), 0), "n": tongue.number(len(primary), 0),
        "j": tongue.number(len(firm_rows(others)), 0), "m": tongue.number(len(others), 0),
    }  # fmt: skip
    key = "none" if not firm else "others" if not primary else "primary" if others else "only_primary"
    top = max(rows, key=lambda c: c["effect"])
    alt = tongue.say(
        "contrasts.alt", n=tongue.number(len(rows), 0), k=tongue.number(firm, 0), pair=tongue.pair(top),
        **{part: tongue.number(top[part]) for part in ("effect", "low", "high")},
    )  # fmt: skip
    return words(tongue.say(f"contrasts.{key}", **n), alt, tongue.say("contrasts.note"), _translated(results, tongue))


def _specifications(results: Results, tongue: Tongue) -> Words:
    rows = [c for c in results["robust"]["specifications"]["primary"] if c["n_specifications"]]
    least = min(rows, key=lambda c: c["share_p05"])
    values = {
        "k": tongue.number(sum(c["share_p05"] == 1 for c in rows), 0), "n": tongue.number(len(rows), 0),
        "pair": tongue.pair(least), "share": tongue.percent(least["share_p05"]),
    }  # fmt: skip
    key = "one" if len(rows) == 1 else "all" if least["share_p05"] == 1 else "many"
    shares = several(tongue, [f"{tongue.pair(c)} {tongue.percent(c['share_p05'])}" for c in rows])
    most = tongue.number(max(c["n_specifications"] for c in rows), 0)
    alt = tongue.say("specifications.alt", m=most, shares=shares)
    return words(tongue.say(f"specifications.{key}", **values), alt, tongue.say("specifications.note"))


def _power(results: Results, tongue: Tongue) -> Words:
    curves = results["robust"]["power"]
    sizes = [c["detectable"] for c in curves if c["detectable"] is not None]
    low, high = (tongue.number(f(sizes)) if sizes else "" for f in (min, max))
    top = tongue.number(max(p["size"] for c in curves for p in c["points"]))
    key = "none" if not sizes else "some" if len(sizes) < len(curves) else "one" if low == high else "all"
    n = {"k": tongue.number(len(sizes), 0), "n": tongue.number(len(curves), 0)}
    title = tongue.say(f"power.{key}", low=low, high=high, top=top, **n)
    each = [
        tongue.say("power.no_size", pair=tongue.pair(c))
        if c["detectable"] is None
        else tongue.say("power.size", pair=tongue.pair(c), size=tongue.number(c["detectable"]))
        for c in curves
    ]
    alt = tongue.say("power.alt", n=n["n"], sizes=several(tongue, each))
    return words(title, alt, tongue.say("power.note"), _translated(results, tongue))


def _clusters(results: Results, tongue: Tongue) -> Words:
    clusters = results["clusters"]
    s, blocs = clusters["best_silhouette"], {b: row for b, row in clusters["by_bloc"].items() if sum(row)}
    key = "clear" if s > CLEAR else "weak" if s > WEAK else "unclear"
    top = max(blocs, key=lambda b: (max(blocs[b]) / sum(blocs[b]), sum(blocs[b])))
    values = {"k": tongue.number(clusters["k"], 0), "s": tongue.number(s)}
    alt = tongue.say(
        "clusters.alt", b=tongue.number(len(blocs), 0), n=tongue.number(clusters["n_documents"], 0),
        bloc=tongue.bloc(top), share=tongue.percent(max(blocs[top]) / sum(blocs[top])),
        c=tongue.number(blocs[top].index(max(blocs[top])) + 1, 0), **values,
    )  # fmt: skip
    return words(
        tongue.say(f"clusters.{key}", **values), alt, tongue.say("clusters.note"), _translated(results, tongue)
    )


def _terms(results: Results, tongue: Tongue) -> Words:
    compared = [b["id"] for b in results["study"]["blocs"] if b["compare"]]
    first = {b: results["terms"][b][0] for b in compared if results["terms"].get(b)}
    top = max(first, key=lambda b: float(first[b]["z"]))
    title = tongue.say(
        "terms.marked", k=tongue.number(len(first), 0), n=tongue.number(len(compared), 0),
        term=tongue.name(first[top]["term"]), bloc=tongue.bloc(top),
    )  # fmt: skip
    each = [
        tongue.say("terms.term", bloc=tongue.bloc(b), term=tongue.name(t["term"]), z=tongue.number(t["z"], 1))
        for b, t in first.items()
    ]
    alt = tongue.say("terms.alt", k=tongue.number(len(first), 0), terms=several(tongue, each))
    return words(title, alt, tongue.say("terms.note"), _translated(results, tongue, "n_arabic"))


_FIGURES: dict[str, tuple[Callable[[Results], Any], Callable[[Results, Tongue], Words]]] = {
    "01-map-by-event": (lambda _r: True, _map_by_event),
    "02-map-by-bloc": (lambda _r: True, _map_by_bloc),
    "03-events": (large_events, _events),
    "04-distances": (lambda r: r["contrasts"], _distances),
    "05-contrasts": (told, _contrasts),
    "06-specifications": (
        lambda r: any(c["n_specifications"] for c in r["robust"]["specifications"]["primary"]),
        _specifications,
    ),
    "07-power": (lambda r: r["robust"]["power"], _power),
    "08-clusters": (lambda _r: True, _clusters),
    "09-terms": (lambda r: any(r["terms"].get(b["id"]) for b in r["study"]["blocs"] if b["compare"]), _terms),
    "10-frames": (lambda r: r["frames"] is not None, frames_words),
    "11-validity": (lambda r: r["frames"] is not None and r["frames"]["validity"] is not None, validity_words),
    "12-axes": (lambda r: r["axes"] is not None, axes_words),
    "13-voices": (lambda r: r["voices"] is not None and speaking(r), voices_words),
}
