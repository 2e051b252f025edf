"""study.toml: one place, and every fault named with file, key and remedy."""

from pathlib import Path

import pytest

from conftest import ROOT, write_study
from crossframe.config import load_config
from crossframe.errors import InputError


def faulty(small_study: Path, old: str, new: str) -> str:
    path = small_study / "study.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(InputError) as error:
        load_config(small_study)
    assert str(path) in str(error.value)
    return str(error.value)


def test_the_study_of_this_repository_is_valid() -> None:
    config = load_config(ROOT)
    assert config.study.id == "russia-dprk"
    assert len(config.compared_blocs) == 11
    assert len(config.contrasts.primary) == 6


def test_file_and_folder_name_the_same_study(small_study: Path) -> None:
    assert load_config(small_study) == load_config(small_study / "study.toml")


def test_an_unknown_key_is_refused_with_the_nearest_known_one(small_study: Path) -> None:
    message = faulty(small_study, "[[blocs]]", "[contrasts]\nn_permutation = 999\n[[blocs]]")
    assert "unknown key 'contrasts.n_permutation' (did you mean 'n_permutations'?)" in message


def test_an_unknown_section_is_refused(small_study: Path) -> None:
    assert "unknown key 'clusterz' (did you mean 'clusters'?)" in faulty(
        small_study, "[[blocs]]", "[clusterz]\n[[blocs]]"
    )


def test_a_wrong_type_is_refused_with_the_value(small_study: Path) -> None:
    message = faulty(small_study, "[[blocs]]", '[contrasts]\nseed = "seven"\n[[blocs]]')
    assert "key 'contrasts.seed'" in message and "'seven'" in message


def test_a_number_given_as_text_is_not_taken_for_a_number(small_study: Path) -> None:
    assert "clusters.k_min" in faulty(small_study, "[[blocs]]", '[clusters]\nk_min = "2"\n[[blocs]]')


def test_a_missing_key_is_named(small_study: Path) -> None:
    assert "key 'study.title_ar' is missing" in faulty(small_study, 'title_ar = "صغيرة"\n', "")


def test_all_faults_are_named_at_once(small_study: Path) -> None:
    message = faulty(small_study, "[[blocs]]", "[clusters]\nk_min = 9\nk_max = 3\n[map]\nneighbours = 1\n[[blocs]]")
    assert "k_min = 9 is larger than k_max = 3" in message and "map.neighbours" in message


def test_a_contrast_of_an_unknown_bloc_is_refused(small_study: Path) -> None:
    message = faulty(small_study, "[[blocs]]", '[contrasts]\nprimary = [["east", "north"]]\n[[blocs]]')
    assert "names the bloc 'north', which [[blocs]] does not list" in message


@pytest.mark.parametrize("pairs", ['[["east", "west"], ["west", "east"]]', '[["east", "east"]]'])
def test_a_pair_named_twice_or_with_itself_is_refused(small_study: Path, pairs: str) -> None:
    message = faulty(small_study, "[[blocs]]", f"[contrasts]\nprimary = {pairs}\n[[blocs]]")
    assert "twice, or one bloc against itself" in message


def test_a_primary_pair_of_a_bloc_that_is_not_compared_is_refused(small_study: Path) -> None:
    path = small_study / "study.toml"
    path.write_text(path.read_text() + "compare = false\n")
    assert "compare = false" in faulty(small_study, "[[blocs]]", '[contrasts]\nprimary = [["east", "west"]]\n[[blocs]]')


def test_a_doubled_bloc_is_refused(small_study: Path) -> None:
    assert "bloc ids are used twice: east" in faulty(small_study, 'id = "west"', 'id = "east"')


def test_a_colour_that_is_none_is_refused(small_study: Path) -> None:
    assert "is not a colour of the form #rrggbb" in faulty(small_study, "#0077bb", "blue")


def test_broken_toml_is_refused_with_the_line(small_study: Path) -> None:
    assert "not valid TOML" in faulty(small_study, "[study]", "[study")


def test_a_missing_study_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no such study file.*crossframe run"):
        load_config(tmp_path / "nowhere")


def test_a_missing_data_folder_is_refused(small_study: Path) -> None:
    assert "data.folder" in faulty(small_study, "[[blocs]]", '[data]\nfolder = "elsewhere"\n[[blocs]]')


def test_the_fingerprint_changes_with_a_setting_and_not_with_the_place(
    tmp_path: Path, small_documents: list[dict[str, object]]
) -> None:
    a = load_config(write_study(tmp_path / "a", small_documents))
    b = load_config(write_study(tmp_path / "b", small_documents))
    c = load_config(write_study(tmp_path / "c", small_documents, "[map]\nseed = 8"))
    assert a.fingerprint() == b.fingerprint() != c.fingerprint()
