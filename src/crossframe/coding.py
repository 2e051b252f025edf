"""What the codes say of the codebook: agreement of the coders on every frame, overall and by language."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from crossframe.agreement import Agreement, agreement
from crossframe.codes import Code, CodeTable, code_table, consensus
from crossframe.types import Document

ALL = "all"
MIN_DOCUMENTS = 20  # of one language; an interval from fewer would span nearly everything
NO_HUMAN = "No human has coded yet: all codes are a program's, and agreement of programs is not validity."


@dataclass(frozen=True)
class FrameAgreement:
    """Agreement on one frame in one language of the page (or `all`); `prevalence` is each coder's share of ones."""

    frame: str
    language: str
    prevalence: dict[str, float]
    agreement: Agreement


def frame_agreement(table: CodeTable, languages: Sequence[str], n_bootstrap: int, seed: int) -> list[FrameAgreement]:
    """Return the agreement on every frame, overall and in each language with at least 20 coded documents.

    Parameters
    ----------
    table
        The codes.
    languages
        Language of each document's page, in the order of the table.
    n_bootstrap, seed
        Of the intervals; see `agreement.agreement`.
    """
    tongues = np.array(languages)
    out = []
    for j, frame in enumerate(table.frames):
        for language in [ALL, *sorted(set(languages))]:
            values = table.values[(tongues == language) | (language == ALL), j]
            values = values[np.isfinite(values).any(axis=1)]
            if len(values) == 0 or (language != ALL and len(values) < MIN_DOCUMENTS):
                continue
            prevalence = {
                coder: float(np.nanmean(values[:, k]))
                for k, coder in enumerate(table.coders)
                if np.isfinite(values[:, k]).any()
            }
            out.append(FrameAgreement(frame, language, prevalence, agreement(values, n_bootstrap, seed)))
    return out


def codes_section(
    codes: Sequence[Code], documents: Sequence[Document], frames: Sequence[str], n_bootstrap: int = 999, seed: int = 7
) -> dict[str, Any]:
    """Return everything about the codes as plain values, for results.json.

    Parameters
    ----------
    codes
        From `load_codes`.
    documents
        Those to be reported on; codes of others are left out.
    frames
        Ids of the codebook, in its order.
    n_bootstrap, seed
        Of the intervals.

    Returns
    -------
    dict
        `human` (false while every coder is a program), `note` (to print on every frame figure, empty once a human
        has coded), `coder_kinds`, `coders`, `n_disagreements`, and `frames`: for each its agreement, and the same by
        language of the page where at least 20 documents are coded.
    """
    table = code_table(codes, [d.doc_id for d in documents], frames)
    rows = frame_agreement(table, [d.language for d in documents], n_bootstrap, seed)
    tied = [frame for _doc, frame in consensus(table).disagreements]
    human = "human" in table.kinds
    return {
        "human": human,
        "note": "" if human else NO_HUMAN,
        "coder_kinds": sorted(set(table.kinds)),
        "coders": _coders(table),
        "n_bootstrap": n_bootstrap,
        "seed": seed,
        "min_documents": MIN_DOCUMENTS,
        "n_disagreements": len(tied),
        "frames": [
            _plain(row)
            | {
                "n_disagreements": tied.count(row.frame),
                "languages": {r.language: _plain(r) for r in rows if r.frame == row.frame and r.language != ALL},
            }
            for row in rows
            if row.language == ALL
        ],
    }


def _coders(table: CodeTable) -> list[dict[str, Any]]:
    coded = np.isfinite(table.values).any(axis=1).sum(axis=0)
    return [
        {"coder": coder, "kind": kind, "n_documents": int(n)}
        for coder, kind, n in zip(table.coders, table.kinds, coded, strict=True)
    ]


def _plain(row: FrameAgreement) -> dict[str, Any]:
    found = row.agreement
    return {
        "frame": row.frame,
        "n_documents": found.n_documents,
        "n_coders": found.n_coders,
        "prevalence": row.prevalence,
        "percent": found.percent,
        "alpha": asdict(found.alpha),
        "ac1": asdict(found.ac1),
    }
