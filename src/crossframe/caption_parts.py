"""The parts that captions are made of, and which rows of the results they and the figures are about."""

from collections.abc import Mapping, Sequence
from typing import Any

from crossframe.canvas import firm
from crossframe.figure_words import Tongue

Results = Mapping[str, Any]
Words = dict[str, str]
MIN_DOCUMENTS = 6  # an event with fewer texts has no panel of its own
NAMED = 3  # numbers that an alternative text gives


def told(results: Results) -> list[Mapping[str, Any]]:
    """Return the contrasts that have an interval, those named before looking first, the furthest apart first."""
    rows = [c for c in results["contrasts"] if c["low"] is not None]
    return sorted(rows, key=lambda c: (c["family"] != "primary", -c["effect"]))


def large_events(results: Results) -> list[str]:
    """Return the ids of the events that have a panel of their own."""
    return [e["event_id"] for e in results["map"]["how"]["events"] if e["n"] >= MIN_DOCUMENTS]


def comparable(results: Results) -> list[str]:
    """Return the blocs that can be compared with any other, all compared ones where there are none."""
    ids = [b["id"] for b in results["study"]["blocs"] if b["compare"]]
    known = {c[side] for c in results["contrasts"] if c["effect"] is not None for side in ("bloc_a", "bloc_b")}
    return [b for b in ids if b in known] or ids


def event_names(results: Results, tongue: Tongue) -> dict[str, str]:
    """Return event id -> title."""
    return {str(e["event_id"]): tongue.titled(e, "title") for e in results["corpus"]["events"]}


def frame_names(results: Results, tongue: Tongue) -> dict[str, str]:
    """Return frame id -> name."""
    return {f["id"]: tongue.titled(f) for f in results["frames"]["frames"]}


def hows(results: Results, tongue: Tongue) -> dict[tuple[str, str], str]:
    """Return (text, way of scoring) -> what it is called, for every one that has been checked against codes."""
    pairs = dict.fromkeys((r["text"], r["how"]) for r in results["frames"]["validity"] if r["language"] == "all")
    return {
        (text, how): tongue.say("validity.column", text=tongue.value(text), how=tongue.value(how))
        for text, how in pairs
    }


def speaking(results: Results) -> list[str]:
    """Return the blocs in whose documents somebody is quoted, in the order of study.toml."""
    blocs = results["voices"]["blocs"]
    return [b["id"] for b in results["study"]["blocs"] if b["id"] in blocs and blocs[b["id"]]["n_attributions"]]


def several(tongue: Tongue, parts: Sequence[str]) -> str:
    """Return a list as a reader of the language writes it."""
    return tongue.say("labels.semicolon").join(parts)


def firm_rows(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the rows whose corrected p is low."""
    return [row for row in rows if firm(row["p_corrected"])]


def words(title: str, alt: str, *notes: str) -> Words:
    """Return a figure's words; notes that say nothing are left out."""
    return {"title": title, "note": " ".join(n for n in notes if n), "alt": alt}
