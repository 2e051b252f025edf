"""What the figures of frames, axes and voices say."""

from statistics import median

from crossframe.canvas import FIRM
from crossframe.caption_parts import NAMED, Results, Words, firm_rows, frame_names, hows, several, speaking, words
from crossframe.figure_words import Tongue

CLOSE, FAIR = 0.9, 0.7  # areas under the curve


def frames_words(results: Results, tongue: Tongue) -> Words:
    """Say which bloc lies furthest from its events' means on which frame."""
    frames, names = results["frames"], frame_names(results, tongue)
    rows = [r for r in frames["by_bloc"] if r["high"] is not None]
    firm = sorted((r for r in rows if r["low"] > 0 or r["high"] < 0), key=lambda r: -abs(r["mean"]))
    n = {"k": tongue.number(len(firm), 0), "n": tongue.number(len(rows), 0)}
    each = [
        {"bloc": tongue.bloc(r["bloc"]), "frame": names[r["frame"]], "value": tongue.number(r["mean"], signed=True)}
        for r in firm[:NAMED]
    ]
    title = tongue.say("frames.none")
    if firm:
        side = tongue.say("frames.near" if firm[0]["mean"] > 0 else "frames.away")
        title = tongue.say("frames.firm", side=side, **each[0], **n)
    cells = several(tongue, [tongue.say("frames.cell", **values) for values in each])
    alt = tongue.say(
        "frames.alt", f=tongue.number(len(names), 0), b=tongue.number(len({r["bloc"] for r in frames["by_bloc"]}), 0),
        cells=cells or tongue.say("axes.nothing"), **n,
    )  # fmt: skip
    note = tongue.say("frames.note", chance=tongue.number(FIRM * len(rows), 0), n=n["n"])
    hatched = "" if len(rows) == len(frames["by_bloc"]) else tongue.say("frames.one_text")
    return words(title, alt, note, hatched, tongue.say("both.not_validated"), _coders(results, tongue))


def _coders(results: Results, tongue: Tongue) -> str:
    coding = results["frames"]["coding"]
    return "" if coding is None or coding["human"] else tongue.say("both.no_human")


def validity_words(results: Results, tongue: Tongue) -> Words:
    """Say how far codes bear the scores out, by the first way of scoring."""
    names, columns = frame_names(results, tongue), hows(results, tongue)
    rows = [r for r in results["frames"]["validity"] if r["language"] == "all" and r["auc"] is not None]
    by_how = {how: [r for r in rows if (r["text"], r["how"]) == how] for how in columns}
    by_how = {how: found for how, found in by_how.items() if found}
    if not by_how:
        return words(tongue.say("validity.unknown"), tongue.say("validity.unknown"), _coders(results, tongue))
    first = next(iter(by_how))
    order = sorted(by_how[first], key=lambda r: -r["auc"])
    m = median(r["auc"] for r in order)
    title = tongue.say(
        f"validity.{'close' if m >= CLOSE else 'fair' if m >= FAIR else 'poor'}", m=tongue.number(m),
        best=names[order[0]["frame"]], worst=names[order[-1]["frame"]],
    )  # fmt: skip
    medians = [
        tongue.say("validity.median", how=columns[how], m=tongue.number(median(r["auc"] for r in found)))
        for how, found in by_how.items()
    ]
    alt = tongue.say("validity.alt", f=tongue.number(len(names), 0), medians=several(tongue, medians))
    return words(title, alt, tongue.say("validity.note", how=columns[first]), _coders(results, tongue))


def axes_words(results: Results, tongue: Tongue) -> Words:
    """Say which bloc leans furthest."""
    axes = results["axes"]
    poles = {x["id"]: (tongue.titled(x["a"]), tongue.titled(x["b"])) for x in axes["axes"]}
    firm = sorted(firm_rows(axes["rows"]), key=lambda r: -abs(r["bias"]))
    each = [
        {"bloc": tongue.bloc(r["bloc"]), "pole": poles[r["axis"]][r["bias"] < 0],
         "value": tongue.number(r["bias"], 1, signed=True)}
        for r in firm
    ]  # fmt: skip
    title = tongue.say("axes.none")
    if firm:
        n = {"k": tongue.number(len(firm), 0), "n": tongue.number(len(axes["rows"]), 0)}
        title = tongue.say("axes.firm", **{**each[0], "value": tongue.number(abs(firm[0]["bias"]), 1)}, **n)
    leanings = several(tongue, [tongue.say("axes.leaning", **values) for values in each[: 2 * NAMED]])
    alt = tongue.say(
        "axes.alt", a=tongue.number(len(poles), 0), b=tongue.number(len({r["bloc"] for r in axes["rows"]}), 0),
        firm=leanings or tongue.say("axes.nothing"),
    )  # fmt: skip
    return words(title, alt, tongue.say("axes.note"), tongue.say("both.not_validated"))


def voices_words(results: Results, tongue: Tongue) -> Words:
    """Say who is quoted most."""
    voices, rows = results["voices"], speaking(results)
    quoted = {b: {s["bloc"]: s for s in voices["blocs"][b]["speaker_blocs"]} for b in rows}
    overall = [s for s in voices["all"]["speaker_blocs"] if s["bloc"] in tongue.blocs]
    title = tongue.say("voices.none")
    if overall:
        top = max(overall, key=lambda s: s["n"])["bloc"]
        first = sum(top in quoted[b] and quoted[b][top]["n"] == max(s["n"] for s in quoted[b].values()) for b in rows)
        share = tongue.percent(next(s["share"] for s in overall if s["bloc"] == top))
        n = {"k": tongue.number(first, 0), "n": tongue.number(len(rows), 0)}
        title = tongue.say("voices.top", bloc=tongue.bloc(top), share=share, **n)
    own = sorted((b for b in rows if b in quoted[b]), key=lambda b: -quoted[b][b]["share"])[:NAMED]
    each = [tongue.say("voices.own", bloc=tongue.bloc(b), share=tongue.percent(quoted[b][b]["share"])) for b in own]
    what = several(tongue, each) or tongue.say("axes.nothing")
    alt = tongue.say("voices.alt", b=tongue.number(len(rows), 0), own=what)
    return words(title, alt, tongue.say("voices.note"))
