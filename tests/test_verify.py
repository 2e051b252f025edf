"""verify from end to end on a small study: passes on its own reports, and on nothing else."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import crossframe.pipeline
import crossframe.verify
from conftest import HashEncoder, four_events, write_study
from crossframe.cli import app
from crossframe.config import StudyConfig, load_config
from crossframe.errors import InputError
from crossframe.memo import Memo
from crossframe.pipeline import Outcome, run
from crossframe.publish import publish
from test_pipeline import SETTINGS

Verify = Callable[..., Result]
QUICK = SETTINGS + "n_power = 20\npower_sizes = [0.0, 0.2]\n[clusters]\nk_max = 4\nn_stability = 2\n"


@dataclass(frozen=True)
class Made:
    """The small study with its reports, and the outcome that these show."""

    study: Path
    outcome: Outcome


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    root = tmp_path_factory.mktemp("made")
    study = write_study(root / "study", four_events(), QUICK)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CROSSFRAME_CACHE", str(root / "cache"))
        patch.setattr(crossframe.pipeline, "load_encoder", lambda name, precision="fp32": HashEncoder())
        memo = Memo()
        outcome = run(load_config(study), memo)
        publish(outcome, study / "reports", memo)
    return Made(study, outcome)


@pytest.fixture
def study(made: Made, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(crossframe.pipeline, "load_encoder", lambda name, precision="fp32": HashEncoder())
    return Path(shutil.copytree(made.study, tmp_path / "study"))


@pytest.fixture
def recomputed(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """What recomputing the untouched study gives, from its first run: several tests need no other."""

    def copy(config: StudyConfig, folder: Path, reuse_embeddings: bool) -> Outcome:
        shutil.copytree(made.study / "reports", folder / "reports")
        return replace(made.outcome, study=replace(made.outcome.study, config=config))

    monkeypatch.setattr(crossframe.verify, "recompute", copy)


@pytest.fixture
def verify(study: Path) -> Verify:
    def call(*options: str) -> Result:
        return CliRunner().invoke(app, ["verify", str(study), *options])

    return call


def edit_results(study: Path, change: Callable[[dict[str, object]], None]) -> None:
    path = study / "reports" / "results.json"
    results = json.loads(path.read_text(encoding="utf-8"))
    change(results)
    path.write_text(json.dumps(results, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_study_agrees_with_its_own_reports_and_nothing_is_touched(
    study: Path, cache: Path, verify: Verify, tmp_path: Path
) -> None:
    before = contents(study)
    found = verify("--keep", str(tmp_path / "kept"))
    assert found.exit_code == 0, found.output
    assert found.stdout.splitlines()[-1].endswith(" values compared, 0 differ")
    assert "of the radius after alignment" in found.stdout
    assert contents(study) == before
    assert not cache.exists()  # neither the user's embeddings nor remembered stages were used
    assert {p.name for p in (tmp_path / "kept").iterdir()} == {"reports", "processed"}
    kept = contents(tmp_path / "kept" / "reports")
    ours = contents(study / "reports")
    assert {n for n in kept if not n.startswith("manifest")} == {n for n in ours if not n.startswith("manifest")}


def test_figures_report_and_tables_drawn_twice_are_the_same_bytes(made: Made, tmp_path: Path) -> None:
    publish(made.outcome, tmp_path / "again", Memo(tmp_path, enabled=False))
    one, two = contents(made.study / "reports"), contents(tmp_path / "again")
    assert {Path(n).suffix for n in one} >= {".svg", ".png", ".csv", ".pdf", ".json"}
    assert [n for n in one if n != "manifest.json" and one[n] != two[n]] == []


def test_every_kind_of_tampering_is_named_with_its_size(study: Path, verify: Verify, recomputed: None) -> None:
    def tamper(results: dict[str, object]) -> None:
        results["contrasts"][0]["effect"] *= 1.01  # type: ignore[index]
        results["permanova"]["n_documents"] += 1  # type: ignore[index]
        results["terms"]["east"][0]["term"] = "صفقة"  # type: ignore[index]
        del results["map"]["how"]["trustworthiness"]  # type: ignore[index]

    edit_results(study, tamper)
    table = study / "reports" / "tables" / "contrasts-by-event.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("A,", "B,", 1), encoding="utf-8")
    (study / "reports" / "tables" / "power.csv").unlink()
    found = verify("--json")
    assert found.exit_code == 1
    verdict = json.loads(found.stdout)
    differences = {d["path"]: d for d in verdict["differences"]}
    assert set(differences) >= {
        "contrasts[0:east/west].effect", "permanova.n_documents", "map.how.trustworthiness", "tables/power.csv",
    }  # fmt: skip
    assert sum(p.startswith("terms.east[0") for p in differences) == 1
    assert sum(p.startswith("tables/contrasts-by-event.csv[") for p in differences) == 1
    assert verdict["n_differ"] == len(differences) == 6
    effect = differences["contrasts[0:east/west].effect"]
    assert effect["by"] == pytest.approx(0.01 * effect["recomputed"], rel=1e-3) and effect["by"] > effect["tolerance"]
    printed = verify().stdout
    assert "contrasts[0:east/west].effect" in printed and printed.splitlines()[-1].endswith(", 6 differ")


def test_permuted_labels_of_documents_are_found(study: Path, verify: Verify) -> None:
    """Two outlets of different blocs exchanged in the raw table: numbers change, and the input is named first."""
    path = study / "data" / "raw" / "documents.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows[0]["outlet_id"], rows[3]["outlet_id"] = rows[3]["outlet_id"], rows[0]["outlet_id"]
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    found = verify()
    assert found.exit_code == 1
    assert found.stdout.splitlines()[0] == (
        "data/raw/documents.jsonl changed since the reports were made: run crossframe run"
    )
    assert "contrasts[0:east/west].effect" in found.stdout and "permanova.r2" in found.stdout


def test_the_order_of_documents_and_outlets_changes_no_number(study: Path, verify: Verify) -> None:
    for name in ("documents.jsonl", "outlets.csv"):
        path = study / "data" / "raw" / name
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        head = lines[: name.endswith("csv")]
        path.write_text("".join([*head, *reversed(lines[len(head) :])]), encoding="utf-8")
    found = verify("--reuse-embeddings")
    assert found.exit_code == 1 and found.stdout.splitlines()[-1].endswith(" 0 differ")
    assert found.stdout.count("changed since the reports were made") == 2


def test_inputs_are_left_aside_where_only_numbers_are_asked_for(study: Path, verify: Verify, recomputed: None) -> None:
    with (study / "data" / "raw" / "documents.jsonl").open("a", encoding="utf-8") as handle:
        handle.write("\n")
    assert verify().exit_code == 1 and verify("--data-only").exit_code == 0


def test_changed_settings_are_named(study: Path, verify: Verify, recomputed: None) -> None:
    path = study / "study.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("n_placebo = 20", "n_placebo = 21"), encoding="utf-8")
    found = verify()
    assert found.exit_code == 1 and found.stdout.startswith("study.toml: settings changed")


def test_an_update_shows_the_difference_and_then_agrees(study: Path, verify: Verify, recomputed: None) -> None:
    edit_results(study, lambda results: results["permanova"].update(r2=0.5))  # type: ignore[attr-defined]
    stale = study / "reports" / "tables" / "of-old.csv"
    stale.write_text("a\n1\n")
    found = verify("--update")
    assert found.exit_code == 0 and "permanova.r2" in found.stdout and "replaced" in found.stderr
    assert not stale.exists()
    again = verify()
    assert again.exit_code == 0, again.output
    assert [p.name for p in study.rglob(".*") if p.is_file()] == []


def test_an_update_refuses_worse_validity_unless_it_is_allowed(study: Path, verify: Verify, recomputed: None) -> None:
    edit_results(study, lambda results: results["map"]["what"].update(trustworthiness=1.5))  # type: ignore[index]
    before = contents(study)
    refused = verify("--update")
    assert refused.exit_code == 1 and contents(study) == before
    assert "map.what.trustworthiness: 1.5 -> " in refused.stdout and "nothing is written" in refused.stderr
    accepted = verify("--update", "--allow-regression")
    assert accepted.exit_code == 0 and "1 worse figure(s) of validity accepted" in accepted.stderr
    assert "map.what.trustworthiness: 1.5 -> " in accepted.stdout
    assert contents(study) != before


@pytest.mark.parametrize("missing", ["results.json", "manifest.json"])
def test_without_reports_the_message_says_what_to_do(study: Path, verify: Verify, missing: str) -> None:
    (study / "reports" / missing).unlink()
    found = verify()
    assert isinstance(found.exception, InputError)  # which `main` turns into exit code 2
    assert missing in str(found.exception) and "crossframe run" in str(found.exception)


def test_allow_regression_needs_update(verify: Verify) -> None:
    assert isinstance(verify("--allow-regression").exception, InputError)


def test_a_folder_to_keep_must_be_empty(study: Path, verify: Verify) -> None:
    found = verify("--keep", str(study))
    assert isinstance(found.exception, InputError) and "is not empty" in str(found.exception)
