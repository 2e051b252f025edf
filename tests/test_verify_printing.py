"""What verify prints: inputs first, a few differences of each kind, the maps, the count last."""

import json

from crossframe.verify import Verdict
from crossframe.verify.compare import Difference
from crossframe.verify.coordinates import Likeness
from crossframe.verify.printing import as_json, lines
from crossframe.verify.tables import Layout
from crossframe.verify.validity import Regression


def verdict(n: int) -> Verdict:
    out = Verdict(["data/raw/documents.jsonl changed since the reports were made"])
    for i in range(n):
        out.compared.found.differs(Difference(f"contrasts[{i}:a/b].effect", 0.1, 0.1 + i / 100, i / 100, 1e-5))
    out.compared.found.differs(Difference("terms.east[0].term", "صفقة", "صداقة"))
    out.compared.layouts.append(Layout("tables/map.csv what", Likeness(230, 0.171, 0.763, 15)))
    out.worse.append(Regression("robust.placebo.rate", 0.05, 0.09, "nominal"))
    return out


def test_few_of_each_kind_are_shown_the_largest_first_and_the_rest_is_counted() -> None:
    shown = list(lines(verdict(9), False))
    assert shown[0] == "data/raw/documents.jsonl changed since the reports were made: run crossframe run"
    assert shown[1].split() == ["path", "committed", "recomputed", "difference", "tolerance"]
    assert shown[2].split() == ["contrasts[8:a/b].effect", "0.1", "0.18", "0.08", "1e-05"]
    assert shown[5].strip() == "and 6 more of contrasts.effect"
    assert shown[6].split() == ["terms.east[0].term", "صفقة", "صداقة", "-", "exact"]
    assert (
        "RMS 0.171 of the radius after alignment (at most 0.6), 0.763 of 15 neighbours kept (at least 0.7)" in shown[7]
    )
    assert shown[-1] == "10 values compared, 10 differ"
    assert "  robust.placebo.rate: 0.05 -> 0.09 (nearer to 0.05 is better)" in shown


def test_all_shows_every_difference() -> None:
    assert sum(line.startswith("contrasts[") for line in lines(verdict(60), True)) == 60
    assert not any("more of" in line for line in lines(verdict(60), True))


def test_json_holds_all_of_it() -> None:
    plain = json.loads(json.dumps(as_json(verdict(9))))
    assert plain["same"] is False and plain["n_differ"] == 10 == len(plain["differences"])
    assert plain["maps"][0]["alike"] is True and plain["validity_worse"][0]["path"] == "robust.placebo.rate"
