"""A study of one's own: an example that says that it is one, is in order, and runs at once."""

import csv
import json
from pathlib import Path

import nbformat
import pytest

import crossframe.pipeline
from conftest import HashEncoder
from crossframe import orthography
from crossframe.checks import check_study
from crossframe.config import load_config
from crossframe.errors import InputError
from crossframe.memo import Memo
from crossframe.new import new_study, study_id
from crossframe.pipeline import run
from crossframe.publish import publish
from crossframe.study import Study
from test_cli import call


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return new_study(tmp_path / "my-study").parent


def test_it_has_a_description_a_table_a_notebook_and_a_word_on_each(made: Path) -> None:
    assert sorted(str(p.relative_to(made)) for p in made.rglob("*") if p.is_file()) == [
        ".gitignore", "README.md", "data/raw/articles.csv", "notebooks/01-look.ipynb", "study.toml",
    ]  # fmt: skip
    readme = (made / "README.md").read_text(encoding="utf-8")
    assert all(name in readme for name in ("study.toml", "articles.csv", "translations.jsonl", "01-look.ipynb"))


def test_the_example_says_that_it_is_invented(made: Path) -> None:
    assert "What is in here is an example" in (made / "README.md").read_text(encoding="utf-8")
    study = load_config(made).study
    assert "Example" in study.title_en and "مثال" in study.title_ar
    with (made / "data" / "raw" / "articles.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert all(r["doc_id"].startswith("example-") and "example.org/invented/" in r["url"] for r in rows)


def test_it_is_valid_without_a_warning_and_every_pair_has_enough(made: Path) -> None:
    corpus, problems = check_study(load_config(made))
    assert corpus is not None and problems == []
    assert (len(corpus.documents), len(corpus.events), len(corpus.outlets)) == (24, 3, 4)
    arabic = [d.summary_ar for d in corpus.documents if d.summary_ar]
    assert len(arabic) == 12
    assert [f for text in arabic for f in (*orthography.faults(text), *orthography.slips(text))] == []


def test_every_setting_that_its_comments_offer_is_known(made: Path) -> None:
    """The lines that are commented out can be used as they stand."""
    path = made / "study.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    offered = [line.removeprefix("# ") for line in lines]
    start = next(i for i, line in enumerate(lines) if line.startswith("# [[blocs]]"))
    path.write_text("\n".join([*lines[:start], *offered[start : start + 10], *lines[start + 10 :]]), encoding="utf-8")
    study = Study.load(load_config(made))
    assert {b.id for b in study.config.blocs} == {"press", "others"}
    start = next(i for i, line in enumerate(lines) if line.startswith("# [data.columns]"))
    path.write_text("\n".join([*lines[:start], *offered[start : start + 10], *lines[start + 10 :]]), encoding="utf-8")
    assert load_config(made).data.columns.wire_group == "agency_story"


def test_it_runs_at_once_to_a_report(made: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crossframe.pipeline, "load_encoder", lambda name, precision: HashEncoder())
    memo = Memo(enabled=False)
    outcome = run(load_config(made), memo)
    names = [pdf.name for pdf in publish(outcome, made / "reports", memo)]
    assert names == ["my-study.en.pdf", "my-study.ar.pdf"]
    results = json.loads((made / "reports" / "results.json").read_text(encoding="utf-8"))
    told = {frozenset((c["bloc_a"], c["bloc_b"])) for c in results["contrasts"] if c["refusal"] is None}
    assert told == {frozenset(("صحيفة الضفة", "إذاعة الصفصافة")), frozenset(("Safsafa Courier", "Harbour Voice"))}
    refusals = [c["refusal"] for c in results["contrasts"] if c["p"] is None]
    assert len(refusals) == 4 and all("source and language are confounded" in refusal for refusal in refusals)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the Jupyter client's own making
def test_its_notebook_is_thin_and_runs_top_to_bottom(made: Path) -> None:
    from nbclient import NotebookClient

    path = made / "notebooks" / "01-look.ipynb"
    notebook = nbformat.read(path, as_version=4)
    code = [c for c in notebook.cells if c.cell_type == "code"]
    assert sum("parameters" in c.metadata.get("tags", []) for c in code) == 1
    assert all(c.outputs == [] and "def " not in c.source for c in code)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()
    assert "no Arabic text" in str(notebook.cells[-1].outputs)


def test_a_folder_that_holds_anything_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"the folder is not empty \(it holds notes\.txt\).*nothing was written"):
        new_study(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["notes.txt"]
    with pytest.raises(InputError, match=r"notes\.txt: is a file"):
        new_study(tmp_path / "notes.txt")


@pytest.mark.parametrize(
    ("name", "wanted"), [("Bridge Study 2", "bridge-study-2"), ("دراسة", "my-study"), ("a--b", "a-b"), ("مشروع x", "x")]
)
def test_the_id_comes_from_the_folders_name(tmp_path: Path, name: str, wanted: str) -> None:
    assert study_id(tmp_path / name) == wanted
    assert load_config(new_study(tmp_path / name)).study.id == wanted


def test_the_command_says_what_comes_next_and_refuses_twice(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    first = call("new", "empty", cwd=tmp_path)
    assert (
        first.returncode == 0 and first.stdout == "empty/study.toml\n" and "next: crossframe run empty" in first.stderr
    )
    again = call("new", "empty", cwd=tmp_path)
    assert again.returncode == 2 and "is not empty" in again.stderr and "Traceback" not in again.stderr
    assert call("validate", "empty", cwd=tmp_path).returncode == 0
