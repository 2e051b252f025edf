"""Drafts: what is computed is what a full run computes, what is kept is said to be, and no report is touched."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import crossframe.cli
import crossframe.pipeline
from conftest import HashEncoder, document, four_events, write_study
from crossframe.changes import changed_pairs, changes
from crossframe.config import load_config
from crossframe.draft import FOLDER, KEPT, Draft, draft
from crossframe.errors import InputError
from crossframe.files import write_json
from crossframe.last_run import LastRun
from crossframe.memo import Memo
from crossframe.pipeline import run
from crossframe.publish import publish
from test_pipeline import SETTINGS

Edit = Callable[[list[dict[str, Any]]], None]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a study behind which there is a full run, and the cache of that run."""
    folder = tmp_path_factory.mktemp("finished")
    with pytest.MonkeyPatch.context() as patch:
        alone(patch, folder / "cache")
        full_run(write_study(folder / "study", four_events(), SETTINGS))
    return folder


@pytest.fixture
def study(finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the finished study, for one test."""
    shutil.copytree(finished, tmp_path, dirs_exist_ok=True)
    alone(monkeypatch, tmp_path / "cache")
    return tmp_path / "study"


def alone(patch: pytest.MonkeyPatch, cache: Path) -> None:
    """Use the quick encoder, a cache of the test's own, and one core: no process is started beside the tests."""
    used = HashEncoder()
    patch.setattr(crossframe.pipeline, "load_encoder", lambda name, precision: used)
    patch.setenv("OMP_NUM_THREADS", "1")
    patch.setenv("CROSSFRAME_CACHE", str(cache))


def full_run(root: Path) -> dict[str, Any]:
    memo = Memo()
    publish(run(load_config(root), memo), root / "reports", memo)
    return results_in(root / "reports")


def drafted(root: Path) -> Draft:
    return draft(load_config(root), root / "reports", root / "reports" / FOLDER)


def results_in(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return found


def edit(root: Path, change: Edit) -> None:
    path = root / "data" / "raw" / "documents.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    change(rows)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def one_edited(rows: list[dict[str, Any]]) -> None:
    rows[0]["summary_ar"] = rows[0]["summary_ar"].replace("صداقة", "صفقة")


def one_added(rows: list[dict[str, Any]]) -> None:
    rows.append(document(99, "A", "east-1"))


def one_removed(rows: list[dict[str, Any]]) -> None:
    del rows[5]


def places(folder: Path) -> dict[str, list[str]]:
    with (folder / "tables" / "map.csv").open(encoding="utf-8", newline="") as handle:
        return {row["doc_id"]: [row["what_x"], row["what_y"], row["how_x"]] for row in csv.DictReader(handle)}


def without_kept(results: dict[str, Any]) -> dict[str, Any]:
    """Results without what a draft keeps, and without what is only said of the numbers."""
    out: dict[str, Any] = json.loads(json.dumps(results))
    for path in sorted((p for paths in KEPT.values() for p in paths), key=len, reverse=True):
        *sections, last = path.split(".")
        section = out
        for name in sections:
            section = section[name] or {}
        section.pop(last, None)
    for claim in out["headlines"]["claims"]:
        for name in ("n_specifications", "share_positive", "share_p05"):
            del claim[name]
    del out["figures"]
    out.pop("draft", None)
    return out


@pytest.mark.parametrize("change", [one_edited, one_added, one_removed])
def test_what_is_computed_is_what_a_full_run_computes(study: Path, change: Edit) -> None:
    before = results_in(study / "reports")
    edit(study, change)
    drafted(study)
    found = results_in(study / "reports" / FOLDER)
    for name in ("stability", "specifications"):
        assert found["clusters"][name] == before["clusters"][name]
    assert found["robust"] == before["robust"]
    assert found["space"]["language_residue"] == before["space"]["language_residue"]
    assert found["contrasts"] != before["contrasts"]
    assert without_kept(found) == without_kept(full_run(study))


def test_only_edited_sentences_are_embedded_and_the_full_run_goes_on_from_the_draft(study: Path) -> None:
    edit(study, one_edited)
    drafted(study)
    memo = Memo()
    outcome = run(load_config(study), memo)
    assert [e["texts_embedded"] for e in outcome.manifest["encoders"]] == [0]
    assert {"clusters", "contrasts", "terms", "permanova"} <= set(memo.reused)
    assert not {"map of what", "robust", "power"} & set(memo.reused)


def test_no_file_of_the_last_run_is_touched(study: Path) -> None:
    def files() -> dict[Path, bytes]:
        return {p: p.read_bytes() for p in sorted(study.rglob("*")) if p.is_file() and FOLDER not in p.parts}

    edit(study, one_edited)
    before = files()
    written = drafted(study).files
    assert files() == before
    assert {p.name for p in (study / "reports" / FOLDER).iterdir()} == {p.name for p in written}
    assert all(p.stat().st_size for p in written)


def test_documents_keep_their_places_and_edited_ones_stand_among_their_neighbours(study: Path) -> None:
    last = LastRun.read(study / "reports")
    edit(study, one_edited)
    edit(study, one_added)
    config = load_config(study)
    memo = Memo()
    outcome = run(config, memo)
    edits = last.edits(outcome.study)
    assert (edits.edited, edits.added, edits.removed, edits.files) == (["A-001"], ["A-099"], [], [])
    ids, vectors = outcome.study.ids, outcome.space.language_free
    shown, spread = last.place("what", ids, vectors, edits)
    before = places(study / "reports")
    kept = [i for i in ids if i not in edits.documents]
    assert {i: [f"{x:.4f}" for x in shown.xy[ids.index(i)]] for i in kept} == {i: before[i][:2] for i in kept}
    known = np.array([shown.xy[ids.index(i)] for i in kept])
    for doc_id in edits.documents:
        mine = vectors[ids.index(doc_id)]
        near = sorted(range(len(kept)), key=lambda j: -float(mine @ vectors[ids.index(kept[j])]))[: shown.n_neighbors]
        assert shown.xy[ids.index(doc_id)] == pytest.approx(known[near].mean(axis=0))
    told = last.results["map"]["what"]
    assert (spread.procrustes_spread, shown.trustworthiness) == (told["procrustes_spread"], told["trustworthiness"])


def test_the_explorer_says_what_it_is(study: Path) -> None:
    edit(study, one_edited)
    drafted(study)
    assert '"draft":{"edited":["A-001"],"added":[],"removed":[],"files":[]' in explorer_of(study / "reports" / FOLDER)
    assert '"draft":null' in explorer_of(study / "reports")


def explorer_of(folder: Path) -> str:
    return (folder / "explorer.html").read_text(encoding="utf-8")


def test_without_an_edit_nothing_is_another(study: Path) -> None:
    found = drafted(study)
    assert (found.n_changes, found.pairs, found.edits.documents) == (0, [], [])


def no_report(root: Path) -> None:
    (root / "reports" / "results.json").unlink()


def no_manifest(root: Path) -> None:
    (root / "reports" / "manifest.json").write_text("{}")


def broken_map(root: Path) -> None:
    (root / "reports" / "tables" / "map.csv").write_text("doc_id\nA-001\n")


def other_settings(root: Path) -> None:
    path = root / "study.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("n_permutations = 199", "n_permutations = 299"), "utf-8")


def other_version(root: Path) -> None:
    results = results_in(root / "reports")
    results["study"]["crossframe"] = "0.0"
    write_json(root / "reports" / "results.json", results)


def other_encoder(root: Path) -> None:
    path = root / "reports" / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["encoders"][0]["fingerprint"] = "another"
    write_json(path, manifest)


def most_edited(root: Path) -> None:
    def change(rows: list[dict[str, Any]]) -> None:
        for row in rows[:13]:
            row["title"] += " again"

    edit(root, change)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (no_report, "there is no full run yet"),
        (no_manifest, "another version's"),
        (broken_map, "is not the table that a run writes"),
        (other_settings, "settings changed"),
        (other_version, "another version's"),
        (other_encoder, "encoders are not those"),
        (most_edited, "13 of 24 documents are not those of the last full run"),
    ],
)
def test_what_no_draft_can_start_from_is_said_and_nothing_is_written(
    study: Path, spoil: Callable[[Path], None], message: str
) -> None:
    spoil(study)
    with pytest.raises(InputError, match=message) as caught:
        drafted(study)
    assert "without --draft once" in str(caught.value)
    assert not (study / "reports" / FOLDER).exists()


def cli(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    monkeypatch.setattr("sys.argv", ["crossframe", *arguments])
    crossframe.cli.main()


def test_the_command_prints_the_pairs_that_changed_and_a_full_run_removes_the_draft(
    study: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(study, one_edited)
    with pytest.raises(SystemExit) as stopped:
        cli(monkeypatch, "run", str(study), "--draft")
    assert stopped.value.code == 0
    out, err = capsys.readouterr()
    lines = [line.split("\t") for line in out.splitlines()]
    assert lines[0][0] == "pair" and {len(line) for line in lines} == {7}
    assert {line[0] for line in lines[1:]} <= {"all", "east–west"} and len(lines) > 1
    assert "1 edited (A-001)" in err and "kept from it: space.language_residue" in err
    with (study / "reports" / FOLDER / "changes.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert any(row["value"] == "contrasts[east/west].effect" and row["before"] != row["after"] for row in rows)
    with pytest.raises(SystemExit):
        cli(monkeypatch, "run", str(study))
    assert not (study / "reports" / FOLDER).exists()


def test_a_draft_never_takes_the_place_of_a_report(study: Path) -> None:
    before = (study / "reports" / "results.json").read_bytes()
    with pytest.raises(InputError, match="take the place of a report"):
        draft(load_config(study), study / "reports", study / "data" / ".." / "reports")
    assert (study / "reports" / "results.json").read_bytes() == before


def test_a_draft_and_everything_afresh_exclude_each_other(
    study: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli(monkeypatch, "run", str(study), "--draft", "--fresh")
    assert stopped.value.code == 2 and "--draft --fresh" in capsys.readouterr().err


def pair(a: str, b: str, effect: float, p: float | None, low: float = -1.0) -> dict[str, Any]:
    return {"bloc_a": a, "bloc_b": b, "effect": effect, "p": p, "p_corrected": p, "low": low}


def test_changed_pairs_shows_both_sides_and_leaves_out_what_stayed() -> None:
    before = {
        "permanova": {"r2": 0.1, "p": 0.001},
        "contrasts": [pair("a", "b", 0.1, 0.2), pair("a", "c", 0.2, 0.01), pair("b", "c", 0.3, None)],
    }
    after = {
        "permanova": {"r2": 0.1, "p": 0.001},
        "contrasts": [pair("a", "b", 0.1, 0.04), pair("a", "c", 0.20001, 0.01), pair("b", "c", 0.3, 0.5, 0.1)],
    }
    assert changed_pairs(before, after) == [
        ["a–b", "0.1000", "0.1000", "0.2", "0.04", "unclear", "common"],
        ["b–c", "", "0.3000", "", "0.5", "", "varying"],
    ]
    assert changed_pairs(after, before)[1] == ["b–c", "0.3000", "", "0.5", "", "varying", ""]


def test_changes_are_named_by_rows_and_not_by_their_place() -> None:
    before = {"terms": {"a": [{"term": "x", "z": 3.0}, {"term": "y", "z": 2.0}]}, "n": [1, 2], "figures": ["old"]}
    after = {"terms": {"a": [{"term": "y", "z": 2.0}, {"term": "v", "z": 1.5}]}, "n": [1, 3], "figures": ["new"]}
    assert changes(before, after) == [
        ["terms.a[v].term", "", "v"],
        ["terms.a[v].z", "", 1.5],
        ["n[2]", 2, 3],
        ["terms.a[x].term", "x", ""],
        ["terms.a[x].z", 3.0, ""],
    ]
    same_name = {"rows": [{"bloc": "a", "v": 1}, {"bloc": "a", "v": 2}]}
    assert changes(same_name, {"rows": [{"bloc": "a", "v": 1}, {"bloc": "a", "v": 5}]}) == [["rows[a 2].v", 2, 5]]
