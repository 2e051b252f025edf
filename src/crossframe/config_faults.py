"""What is wrong with a study.toml, in words: one line a fault, with the key, the value and the nearest known key."""

import difflib
from typing import get_args

from pydantic import BaseModel, ValidationError


def explained(error: ValidationError, schema: type[BaseModel]) -> str:
    """Turn pydantic's list of faults into text; `schema` is the model that was validated."""
    lines = []
    for fault in error.errors():
        key = ".".join(str(part) for part in fault["loc"]) or "(whole file)"
        if fault["type"] == "extra_forbidden":
            lines.append(f"unknown key '{key}'{_suggestion(fault['loc'], schema)}")
        elif fault["type"] == "missing":
            lines.append(f"key '{key}' is missing")
        else:
            message = fault["msg"].removeprefix("Value error, ")
            lines.append(f"key '{key}': {message}" + ("" if not fault["loc"] else f", got {fault['input']!r}"))
    return "; ".join(lines)


def _suggestion(location: tuple[int | str, ...], schema: type[BaseModel]) -> str:
    """Return ", did you mean …?" for the nearest known key of the section, or the keys that there are."""
    for part in location[:-1]:
        if isinstance(part, str):
            annotation = schema.model_fields[part].annotation
            schema = next((a for a in get_args(annotation) if issubclass(a, BaseModel)), annotation)  # type: ignore[assignment]
    known = [k for k in schema.model_fields if k != "root"]
    near = difflib.get_close_matches(str(location[-1]), known, n=1)
    return f" (did you mean '{near[0]}'?)" if near else f" (known: {', '.join(known)})"
