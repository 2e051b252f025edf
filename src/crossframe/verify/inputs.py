"""Have the study's inputs changed since the reports were made?"""

from typing import Any

from crossframe.config import STUDY_FILE, StudyConfig
from crossframe.pipeline import input_hashes, input_paths


def changed_inputs(config: StudyConfig, manifest: dict[str, Any]) -> list[str]:
    """Return a sentence for every raw table, and the settings, that are not those of the manifest.

    Parameters
    ----------
    config
        The study as it stands.
    manifest
        manifest.json of the reports.
    """
    then, now = manifest.get("inputs", {}), input_hashes(config)
    places = {p.name: _place(config, p.name) for p in input_paths(config)}
    out = []
    for name in sorted({*then, *now}):
        place = places.get(name, f"{config.data.folder}/{name}")
        if name not in now:
            out.append(f"{place} is gone since the reports were made")
        elif name not in then:
            out.append(f"{place} is new since the reports were made")
        elif then[name] != now[name]:
            out.append(f"{place} changed since the reports were made")
    if manifest.get("config") != config.fingerprint():
        out.append(f"{STUDY_FILE}: settings changed since the reports were made, or this version has others")
    return out


def other_versions(then: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Return a note for every package, and Python, of another version than the reports were made with."""
    before, after = ({"python": m.get("python"), **m.get("packages", {})} for m in (then, now))
    names = [name for name in after if name in before and before[name] != after[name]]
    return [f"{name} {after[name]}; the reports were made with {before[name]}" for name in names]


def _place(config: StudyConfig, name: str) -> str:
    """Return where an input lies, as seen from the study's folder."""
    (path,) = (p for p in input_paths(config) if p.name == name)
    return path.relative_to(config.root).as_posix() if path.is_relative_to(config.root) else str(path)
