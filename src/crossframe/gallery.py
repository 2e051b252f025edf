"""The gallery: which figures a study has, in which words, and what each is drawn from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crossframe import axis_charts, canvas, charts, figure_data, figures, frame_charts
from crossframe.canvas import Look
from crossframe.caption_parts import comparable, event_names, frame_names, hows, large_events, speaking
from crossframe.errors import InputError
from crossframe.figure_words import Language, Tongue
from crossframe.pipeline import Outcome
from crossframe.tables import Table, flat

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TERMS_OF_A_CLUSTER = 5


@dataclass(frozen=True)
class Plate:
    """A figure to be drawn: its name, the function that draws it, all that it is drawn from, and its source data."""

    name: str
    plot: "Callable[..., Figure]"
    inputs: tuple[Any, ...]
    data: Table


def drawn(plot: "Callable[..., Figure]", *inputs: Any) -> dict[str, bytes]:
    """Return the figure as SVG and PNG bytes."""
    return canvas.rendered(plot(*inputs))


def plates(outcome: Outcome, language: Language = "en") -> list[Plate]:
    """Return the figures of a study in the order of the report, in one language.

    Their words are those of `results["figures"]`; their data are the same in every language.
    """
    tongue = Tongue.of(outcome.results, language, outcome.study.config.report.numerals)
    colours = {b.id: b.colour for b in outcome.study.config.blocs}
    out = []
    for entry in outcome.results["figures"]:
        look = Look(tongue, colours, entry[language]["title"], entry[language]["note"])
        plot, rows, *others = _FIGURES[entry["name"]](outcome, tongue)
        out.append(Plate(entry["name"], plot, (rows, *others, look), flat(entry["name"], rows)))
    return out


def picture(outcome: Outcome, name: str, language: Language = "en") -> bytes:
    """Return one figure as PNG bytes, for a notebook: `Image(picture(outcome, "04-distances"))`.

    Raises
    ------
    InputError
        If the study has no figure of that name.
    """
    known = {plate.name: plate for plate in plates(outcome, language)}
    if name not in known:
        raise InputError(f"there is no figure {name!r}", "gallery", f"There are: {', '.join(known)}.")
    return drawn(known[name].plot, *known[name].inputs)["png"]


Parts = tuple[Any, ...]  # the function that draws, the rows, and what else it takes


def _map_by_event(outcome: Outcome, tongue: Tongue) -> Parts:
    rows = figure_data.of_map_by_event(outcome)
    families = {row["event"]: row["family"] for row in rows}
    names = event_names(outcome.results, tongue)
    ordered = {e: families[e] for e in names if e in families}
    return figures.plot_events, rows, names, figures.event_kinds(ordered)


def _map_by_bloc(outcome: Outcome, _tongue: Tongue) -> Parts:
    return figures.plot_blocs, figure_data.of_map_by_bloc(outcome)


def _events(outcome: Outcome, tongue: Tongue) -> Parts:
    names = event_names(outcome.results, tongue)
    return (
        figures.plot_small_multiples,
        figure_data.of_events(outcome),
        {e: names[e] for e in large_events(outcome.results)},
    )


def _distances(outcome: Outcome, _tongue: Tongue) -> Parts:
    return charts.plot_distances, figure_data.of_distances(outcome.results), comparable(outcome.results)


def _contrasts(outcome: Outcome, _tongue: Tongue) -> Parts:
    return charts.plot_intervals, figure_data.of_contrasts(outcome.results)


def _specifications(outcome: Outcome, tongue: Tongue) -> Parts:
    rows = figure_data.of_specifications(outcome)
    chosen = {row["specification"]: row for row in rows}
    each = [chosen[number] for number in sorted(chosen)]
    encoders = ["both" if "+" in row["encoder"] else row["encoder"] for row in each]
    choices = [
        (tongue.say("labels.text"), [tongue.value(row["text"]) for row in each]),
        (tongue.say("labels.encoder"), [tongue.value(name) for name in encoders]),
        (tongue.say("labels.language"), [tongue.value(row["language"]) for row in each]),
    ]
    return charts.plot_specifications, rows, choices


def _power(outcome: Outcome, _tongue: Tongue) -> Parts:
    found = {(c["bloc_a"], c["bloc_b"]): c["detectable"] for c in outcome.results["robust"]["power"]}
    return charts.plot_power, figure_data.of_power(outcome.results), found


def _clusters(outcome: Outcome, tongue: Tongue) -> Parts:
    words = {}
    clusters = outcome.results["clusters"]
    terms = {c["cluster"] + 1: [t["term"] for t in c["terms"]] for c in clusters["terms"]}
    for number in range(1, clusters["k"] + 1):
        n = tongue.number(number, 0)
        first = terms.get(number, [])[:_TERMS_OF_A_CLUSTER]
        joined = tongue.name("، ".join(first))  # the terms are Arabic in every language
        words[number] = (
            tongue.say("labels.cluster_words", n=n, terms=joined) if first else tongue.say("labels.cluster", n=n)
        )
    return figures.plot_clusters, figure_data.of_clusters(outcome.results), words


def _terms(outcome: Outcome, _tongue: Tongue) -> Parts:
    return figures.plot_terms, figure_data.of_terms(outcome.results), outcome.study.config.terms.min_z


def _frames(outcome: Outcome, tongue: Tongue) -> Parts:
    results, rows = outcome.results, figure_data.of_frames(outcome.results)
    layers = [f["layer"] for f in results["frames"]["frames"]]
    breaks = [i for i in range(1, len(layers)) if layers[i] != layers[i - 1]]
    there = {row["bloc"] for row in rows}
    blocs = [b for b in outcome.study.config.compared_blocs if b in there]
    return frame_charts.plot_frames, rows, frame_names(results, tongue), breaks, blocs


def _validity(outcome: Outcome, tongue: Tongue) -> Parts:
    rows = figure_data.of_validity(outcome.results, tongue)
    return frame_charts.plot_validity, rows, frame_names(outcome.results, tongue), hows(outcome.results, tongue)


def _axes(outcome: Outcome, tongue: Tongue) -> Parts:
    rows = figure_data.of_axes(outcome.results)
    poles = {x["id"]: (tongue.titled(x["a"]), tongue.titled(x["b"])) for x in outcome.results["axes"]["axes"]}
    there = {row["bloc"] for row in rows}
    return axis_charts.plot_axes, rows, poles, [b for b in outcome.study.config.compared_blocs if b in there]


def _voices(outcome: Outcome, tongue: Tongue) -> Parts:
    rows, blocs = figure_data.of_voices(outcome.results), outcome.results["voices"]["blocs"]
    heard = {row["speaker_bloc"] for row in rows}
    speakers = {b: tongue.bloc(b) for b in tongue.blocs if b in heard}
    if "" in heard:
        speakers[""] = tongue.say("labels.no_bloc")
    counts = {
        b: tongue.say(
            "labels.attributions", n=tongue.number(blocs[b]["n_attributions"], 0),
            m=tongue.number(blocs[b]["n_documents"], 0),
        )
        for b in speaking(outcome.results)
    }  # fmt: skip
    return frame_charts.plot_voices, rows, speakers, counts


_FIGURES: dict[str, Callable[[Outcome, Tongue], Parts]] = {
    "01-map-by-event": _map_by_event,
    "02-map-by-bloc": _map_by_bloc,
    "03-events": _events,
    "04-distances": _distances,
    "05-contrasts": _contrasts,
    "06-specifications": _specifications,
    "07-power": _power,
    "08-clusters": _clusters,
    "09-terms": _terms,
    "10-frames": _frames,
    "11-validity": _validity,
    "12-axes": _axes,
    "13-voices": _voices,
}
