"""The gallery: which figures a study has, what each is drawn from, and what its title says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from crossframe import axis_charts, canvas, charts, figures, frame_charts
from crossframe.errors import InputError
from crossframe.pipeline import Outcome
from crossframe.study import pick

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TEXTS = {
    "summary_ar": "Arabic", "summary_en": "English", "summary_orig": "original",
    "text": "original", "text_ar": "Arabic", "text_en": "English",
}  # fmt: skip
MIN_DOCUMENTS = 6  # an event with fewer is not drawn among the small multiples


@dataclass(frozen=True)
class Plate:
    """A figure to be drawn: its file name, the function that draws it, and all that it is drawn from."""

    name: str
    plot: "Callable[..., Figure]"
    inputs: tuple[Any, ...]


def drawn(plot: "Callable[..., Figure]", *inputs: Any) -> dict[str, bytes]:
    """Return the figure as SVG and PNG bytes."""
    return canvas.rendered(plot(*inputs))


def plates(outcome: Outcome) -> list[Plate]:
    """Return the figures of a study in the order of the report."""
    out = [*_maps(outcome), _distances(outcome), *_tests(outcome), _clusters(outcome)]
    if any(outcome.results["terms"].values()):
        out.append(_terms(outcome))
    if outcome.results["frames"] is not None:
        out += _frames(outcome)
    if outcome.results["axes"] is not None:
        out.append(_axes(outcome))
    if outcome.results["voices"] is not None:
        out.append(_voices(outcome))
    return out


def picture(outcome: Outcome, name: str) -> bytes:
    """Return one figure as PNG bytes, for a notebook: `Image(picture(outcome, "04-distances"))`.

    Raises
    ------
    InputError
        If the study has no figure of that name.
    """
    known = {plate.name: plate for plate in plates(outcome)}
    if name not in known:
        raise InputError(f"there is no figure {name!r}", "gallery", f"There are: {', '.join(known)}.")
    return drawn(known[name].plot, *known[name].inputs)["png"]


def _plate(name: str, plot: "Callable[..., Figure]", *arguments: Any) -> Plate:
    return Plate(name, plot, arguments)


def _names(outcome: Outcome) -> dict[str, str]:
    return {b.id: b.name_en for b in outcome.study.config.blocs}


def _event_name(event: dict[str, Any]) -> str:
    """Return an event's id and title, once where they are the same."""
    event_id, title = str(event["event_id"]), str(event["title_en"])
    return title if title == event_id else f"{event_id} {title}"


def _translated(outcome: Outcome, which: str = "n_compared") -> str:
    """Return what a figure's note says of machine translation: nothing where there is none."""
    corpus = outcome.results["corpus"]
    n = corpus["machine_translated"][which]
    return f"\nMachine-translated: {n} of the {corpus['n_independent']} texts shown." if n else ""


def _colours(outcome: Outcome) -> dict[str, str]:
    return {b.id: b.colour for b in outcome.study.config.blocs}


def _maps(outcome: Outcome) -> list[Plate]:
    study, display = outcome.study, outcome.results["map"]
    names, colours = _names(outcome), _colours(outcome)
    events = {e["event_id"]: _event_name(e) for e in outcome.results["corpus"]["events"]}
    matched_events, matched_blocs = pick(study.events, study.matched), pick(study.blocs, study.matched)
    large = {event: name for event, name in events.items() if matched_events.count(event) >= MIN_DOCUMENTS}
    what, how = outcome.what.xy, outcome.how.xy
    out = [
        _plate(
            "01-map-by-event", figures.plot_map, what, study.events, events, figures.event_colours(list(events)),
            "What is told: documents gather by event", _trust(display["what"]) + _translated(outcome),
        ),
        _plate(
            "02-map-by-bloc", figures.plot_map, how, matched_blocs, names, colours,
            "How it is told: each event's mean is taken out", _trust(display["how"]) + _translated(outcome),
        ),
    ]  # fmt: skip
    if large:
        title = "Event by event, on the map of how it is told (for looking only)"
        arguments = (how, matched_events, matched_blocs, large, names, colours, title)
        out.append(_plate("03-events", figures.plot_small_multiples, *arguments))
    return out


def _distances(outcome: Outcome) -> Plate:
    blocs = outcome.study.config.compared_blocs
    effect, corrected = _matrices(outcome.results["contrasts"], blocs)
    names = _names(outcome)
    note = (
        "Unbiased squared distance of centroids within shared events; 0: no difference; * corrected p at most .05.\n"
        "Hatched: not identifiable, too few shared events with enough documents of both."
    ) + _translated(outcome)
    title = "How far apart blocs tell the same events"
    return _plate("04-distances", figures.plot_distances, [names[b] for b in blocs], effect, corrected, title, note)


def _tests(outcome: Outcome) -> list[Plate]:
    """Intervals, the specification curve and the power curves; each only where there is something to draw."""
    results, names = outcome.results, _names(outcome)
    told = [c for c in results["contrasts"] if c["low"] is not None]
    out = []
    if told:
        order = sorted(told, key=lambda c: (c["family"] != "primary", -c["effect"]))
        rows = [
            {
                "label": _pair(c, names), "effect": c["effect"], "low": c["low"], "high": c["high"],
                "common": c["common"], "firm": c["p_corrected"] <= 0.05, "primary": c["family"] == "primary",
                "text": f"p {c['p_corrected']:.3f}",
            }
            for c in order
        ]  # fmt: skip
        note = (
            "Dot: squared distance within shared events with its 95 % bootstrap interval.\n"
            "Diamond: the part that has the same direction in all events; p is of that part, corrected.\n"
            "Red: p at most .05. Above the line: pairs named before looking."
        ) + _translated(outcome)
        out.append(_plate("05-contrasts", charts.plot_intervals, rows, "How far apart, and how sure", note))
    grid = results["robust"]["specifications"]
    if grid["primary"]:
        out.append(_specifications(grid, outcome))
    if results["robust"]["power"]:
        curves = results["robust"]["power"]
        note = (
            "Corpora with as many documents as the pair has, drawn from all documents' residuals; bands: 95 % "
            "intervals.\nDashed: .05 (false alarms at distance 0) and .80."
        ) + _translated(outcome)
        labels = [_pair(c, names) for c in curves]
        out.append(_plate("07-power", charts.plot_power, curves, labels, "What difference would be found", note))
    return out


def _specifications(grid: dict[str, Any], outcome: Outcome) -> Plate:
    names, primary = _names(outcome), outcome.study.config.contrasts.primary
    rows = grid["rows"]
    known = [i for i, _pair in enumerate(primary) if any(r["primary"][i]["p"] is not None for r in rows)]
    rows = [r for r in rows if any(r["primary"][i]["p"] is not None for i in known)]
    rows = sorted(rows, key=lambda r: (list(_TEXTS).index(r["text"]), r["encoder"].count("+") == 0, r["encoder"]))
    pairs = [[r["primary"][i] for r in rows] for i in known]
    effects = np.array([[np.nan if p["effect"] is None else p["effect"] for p in row] for row in pairs])
    firm = np.array([[p["p"] is not None and p["p"] <= 0.05 for p in row] for row in pairs])
    choices = [
        [_TEXTS[r["text"]] for r in rows],
        ["both" if "+" in r["encoder"] else r["encoder"] for r in rows],
        [r["language"] for r in rows],
    ]
    labels = [f"{names[primary[i][0]]} – {names[primary[i][1]]}" for i in known]
    note = (
        "Filled: p at most .05, uncorrected. Compare pairs within a column: each space has a scale of its own.\n"
        "Specifications in which no pair is identifiable are not drawn."
    )
    title = "The pairs named before looking, under every specification"
    factors = ["text", "encoder", "language"]
    return _plate("06-specifications", charts.plot_specifications, effects, firm, labels, choices, factors, title, note)


def _pair(row: dict[str, Any], names: dict[str, str]) -> str:
    return f"{names[row['bloc_a']]} – {names[row['bloc_b']]}"


def _clusters(outcome: Outcome) -> Plate:
    clusters = outcome.results["clusters"]
    names = _names(outcome)
    counts = np.array([clusters["by_bloc"][b] for b in names])
    note = (
        f"Mean silhouette {clusters['best_silhouette']:.2f}: 1 would be clear-cut, 0 is none.\n"
        "Clusters gather documents that read alike; they are not frames."
    ) + _translated(outcome)
    title = "Discourse clusters by bloc"
    colours = list(_colours(outcome).values())
    return _plate("08-clusters", figures.plot_clusters_by_bloc, list(names.values()), colours, counts, title, note)


def _terms(outcome: Outcome) -> Plate:
    names = _names(outcome)
    blocs = outcome.study.config.compared_blocs
    terms = {b: [(t["term"], t["z"]) for t in outcome.results["terms"].get(b, [])] for b in blocs}
    return _plate(
        "09-terms", figures.plot_terms, terms, {b: names[b] for b in blocs}, _colours(outcome),
        "Terms that mark a bloc against the others on the same events",
        "z-score of the log-odds ratio with an informative Dirichlet prior, matched on events; not corrected for "
        "the number of terms.\nOutlets' names are left out. No panel: no term is strong and frequent enough."
        + _translated(outcome, "n_arabic"),
    )  # fmt: skip


def _frames(outcome: Outcome) -> list[Plate]:
    """Frames by bloc, and how far codes bear the scores out."""
    frames, names = outcome.results["frames"], _names(outcome)
    ids = [f["id"] for f in frames["frames"]]
    rows = {(r["bloc"], r["frame"]): r for r in frames["by_bloc"]}
    blocs = [b for b in outcome.study.config.compared_blocs if (b, ids[0]) in rows]
    scores = np.array([[rows[b, f]["mean"] for f in ids] for b in blocs])
    reach = np.array([[np.nan if rows[b, f]["high"] is None else rows[b, f]["high"] - rows[b, f]["mean"] for f in ids]
                      for b in blocs])  # fmt: skip
    title = "Frames that blocs come near to, within events"
    note = (
        f"Zero-shot scores from anchor sentences, made by a program; {frames['validation']}. Framed: the 95 % interval "
        "leaves out 0.\nNot corrected for the number of cells. " + _coders(frames)
    )
    drawn_names = [names[b] for b in blocs], [f["name"] for f in frames["frames"]]
    out = [_plate("10-frames", frame_charts.plot_frames, *drawn_names, scores, reach, title, note)]
    if frames["validity"] is not None:
        out.append(_validity(frames))
    return out


def _coders(frames: dict[str, Any]) -> str:
    return "" if frames["coding"] is None else str(frames["coding"]["note"])


def _validity(frames: dict[str, Any]) -> Plate:
    hows = {
        f"{r['text']} {r['how']}": f"{_TEXTS[r['text']]}, {r['how']}"
        for r in frames["validity"]
        if r["language"] == "all"
    }
    auc = {(r["frame"], f"{r['text']} {r['how']}"): r["auc"] for r in frames["validity"] if r["language"] == "all"}
    alpha = {r["frame"]: r["alpha"]["value"] for r in frames["coding"]["frames"]}
    rows = [
        {"frame": f["name"], "alpha": alpha[f["id"]], **{how: auc.get((f["id"], how)) for how in hows}}
        for f in frames["frames"]
    ]
    note = "AUC of scores against the codes: .5 is guessing. α: agreement of the coders.\n" + _coders(frames)
    return _plate("11-validity", frame_charts.plot_validity, rows, hows, "How far codes bear the scores out", note)


def _axes(outcome: Outcome) -> Plate:
    axes, names = outcome.results["axes"], _names(outcome)
    poles = [{"id": x["id"], "a": x["a"]["name"], "b": x["b"]["name"]} for x in axes["axes"]]
    blocs = {b: names[b] for b in outcome.study.config.compared_blocs}
    note = (
        "Bias in SD of neutral sentences, as difference from the event's mean; 95 % intervals; filled: corrected p at "
        f"most .05.\nMade by a program; {axes['validation']}."
    )
    title = "Between two frames: which pole blocs lean to, within events"
    return _plate("12-axes", axis_charts.plot_axes, axes["rows"], poles, blocs, _colours(outcome), title, note)


def _voices(outcome: Outcome) -> Plate:
    voices, names, colours = outcome.results["voices"], _names(outcome), _colours(outcome)
    blocs = [b for b in names if b in voices["blocs"] and voices["blocs"][b]["n_attributions"]]
    rows = {b: {s["bloc"]: s["n"] for s in voices["blocs"][b]["speaker_blocs"]} for b in blocs}
    speakers = [b for b in names if any(b in row for row in rows.values())]
    others = [sum(n for s, n in rows[b].items() if s not in speakers) for b in blocs]
    counts = np.array([[rows[b].get(s, 0) for s in speakers] + [other] for b, other in zip(blocs, others, strict=True)])
    shares = counts / counts.sum(axis=1, keepdims=True)
    printed = [f"{voices['blocs'][b]['n_attributions']} in {voices['blocs'][b]['n_documents']} docs" for b in blocs]
    note = (
        "Reported and quoted speech in the Arabic summaries, attributed by rules of a program; numbers are per cent of "
        "a bloc's attributions.\nA lower bound: what the rules are unsure of is left out."
    )
    title = "Who gets to speak: the bloc of the speaker, by the bloc of the outlet"
    return _plate(
        "13-voices", frame_charts.plot_voices, [names[b] for b in blocs], shares,
        [*(names[s] for s in speakers), "no bloc"], [*(colours[s] for s in speakers), "#dddddd"], printed, title, note,
    )  # fmt: skip


def _trust(display: dict[str, Any]) -> str:
    t, k = display["trustworthiness"], display["n_neighbors"]
    some = display["fitted_on"] < display["n_documents"]
    made = f" Made from {display['fitted_on']:,} of {display['n_documents']:,} documents." if some else ""
    trust = f"Trustworthiness {t:.2f} ({k} neighbours)"
    return f"UMAP, for display only. {trust}; distances between groups mean nothing.{made}"


def _matrices(contrasts: Sequence[dict[str, Any]], blocs: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return effects and corrected p-values as square matrices, NaN where there is none."""
    position = {b: i for i, b in enumerate(blocs)}
    effect = np.full((len(blocs), len(blocs)), np.nan)
    corrected = effect.copy()
    for row in contrasts:
        i, j = position.get(row["bloc_a"]), position.get(row["bloc_b"])
        if i is not None and j is not None and row["effect"] is not None:
            effect[i, j] = effect[j, i] = row["effect"]
            corrected[i, j] = corrected[j, i] = row["p_corrected"]
    return effect, corrected
