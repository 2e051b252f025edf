"""Continuous integration: the workflow on GitHub does what .ci/run does."""

import re

import yaml

from conftest import ROOT

WORKFLOW = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
STEPS = WORKFLOW["jobs"]["study"]["steps"]


def targets(script: str) -> list[str]:
    code = "\n".join(line.split("#")[0] for line in script.splitlines())
    return re.findall(r"\bmake ([a-z]+)", code)


def test_the_workflow_calls_the_targets_of_ci_run_in_their_order() -> None:
    local = targets((ROOT / ".ci" / "run").read_text(encoding="utf-8"))
    assert [t for step in STEPS for t in targets(step.get("run", ""))] == local
    assert {"setup", "lint", "validate", "test", "verify"} == set(local)
    assert set(local) <= set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_a_failing_check_fails_the_workflow() -> None:
    assert not any("continue-on-error" in step for step in STEPS)
    assert WORKFLOW["jobs"]["study"]["defaults"]["run"]["shell"] == "bash"  # `make verify | tee` fails with verify


def test_every_action_is_pinned_and_the_job_may_only_read() -> None:
    used = [step["uses"] for step in STEPS if "uses" in step]
    assert used and all(re.fullmatch(r"actions/[a-z-]+@v\d+", name) for name in used)
    assert WORKFLOW["permissions"] == {"contents": "read"}


def test_the_workflow_runs_on_pushes_and_pull_requests_with_the_oldest_python() -> None:
    triggers = WORKFLOW[True]  # YAML 1.1 reads the key `on` as a truth value
    assert {"push", "pull_request"} <= set(triggers)
    (python,) = [step["with"]["python-version"] for step in STEPS if "setup-python" in step.get("uses", "")]
    assert f'requires-python = ">={python}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_the_reports_are_uploaded_and_what_verify_found_is_shown() -> None:
    uploaded = "\n".join(step["with"]["path"] for step in STEPS if "upload-artifact" in step.get("uses", ""))
    for name in ("reports/*.pdf", "reports/explorer.html", "reports/results.json", "reports/figures/"):
        assert name in uploaded
    assert any("GITHUB_STEP_SUMMARY" in step.get("run", "") for step in STEPS)
