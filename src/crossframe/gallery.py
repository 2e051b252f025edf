"""The gallery: which figures a study has, what each is drawn from, and what its title says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from crossframe import figures
from crossframe.errors import InputError
from crossframe.pipeline import Outcome
from crossframe.study import pick

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MIN_DOCUMENTS = 6  # an event with fewer is not drawn among the small multiples


@dataclass(frozen=True)
class Plate:
    """A figure to be drawn: its file name, the function that draws it, and all that it is drawn from."""

    name: str
    plot: "Callable[..., Figure]"
    inputs: tuple[Any, ...]


def drawn(plot: "Callable[..., Figure]", *inputs: Any) -> dict[str, bytes]:
    """Return the figure as SVG and PNG bytes."""
    return figures.rendered(plot(*inputs))


def plates(outcome: Outcome) -> list[Plate]:
    """Return the figures of a study in the order of the report."""
    out = [*_maps(outcome), _distances(outcome), _clusters(outcome)]
    if any(outcome.results["terms"].values()):
        out.append(_terms(outcome))
    if outcome.results["frames"] is not None:
        out.append(_frames(outcome))
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
    return _plate("05-clusters", figures.plot_clusters_by_bloc, list(names.values()), colours, counts, title, note)


def _terms(outcome: Outcome) -> Plate:
    names = _names(outcome)
    blocs = outcome.study.config.compared_blocs
    terms = {b: [(t["term"], t["z"]) for t in outcome.results["terms"].get(b, [])] for b in blocs}
    return _plate(
        "06-terms", figures.plot_terms, terms, {b: names[b] for b in blocs}, _colours(outcome),
        "Terms that mark a bloc against the others on the same events",
        "z-score of the log-odds ratio with an informative Dirichlet prior, matched on events; not corrected for "
        "the number of terms.\nOutlets' names are left out. No panel: no term is strong and frequent enough."
        + _translated(outcome, "n_arabic"),
    )  # fmt: skip


def _frames(outcome: Outcome) -> Plate:
    frames, names = outcome.results["frames"], _names(outcome)
    blocs = [b for b in outcome.study.config.compared_blocs if b in frames["by_bloc"]]
    scores = np.array([frames["by_bloc"][b] for b in blocs])
    return _plate(
        "07-frames", figures.plot_frames, [names[b] for b in blocs], [f["name"] for f in frames["frames"]], scores,
        "Frames that blocs come near to, within events",
        f"Zero-shot scores from anchor sentences, made by a program; {frames['validation']}."
        + _translated(outcome),
    )  # fmt: skip


def _trust(display: dict[str, Any]) -> str:
    t, k = display["trustworthiness"], display["n_neighbors"]
    return f"UMAP, for display only. Trustworthiness {t:.2f} ({k} neighbours); distances between groups mean nothing."


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
