"""Column mappings of well-known exports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crossframe.errors import InputError


@dataclass(frozen=True)
class Preset:
    """Where an export keeps what: for each field, the columns it may have been called, in order of preference.

    `text_absent` says that the export lists pages without their text.
    """

    columns: Mapping[str, Sequence[str]]
    required: Sequence[str]
    text_absent: bool = True


PRESETS: Mapping[str, Preset] = {
    # search.mediacloud.org: id, indexed_date, language, media_name, media_url, publish_date, title, url;
    # Media Cloud before 2023: stories_id, publish_date, title, url, language, …, media_id, media_name, media_url
    "mediacloud": Preset(
        {
            "doc_id": ("id", "stories_id"),
            "title": ("title",),
            "text": ("text", "story_text"),
            "source": ("media_name", "media_url"),
            "language": ("language",),
            "date": ("publish_date",),
            "url": ("url",),
        },
        ("title", "url", "source"),
    ),
    # GDELT DOC 2.0, mode=ArtList&format=csv: URL, MobileURL, Date, Title; the client gdeltdoc:
    # url, url_mobile, title, seendate, socialimage, domain, language, sourcecountry
    "gdelt-doc": Preset(
        {
            "title": ("title",),
            "source": ("domain",),
            "language": ("language",),
            "date": ("date", "seendate"),
            "url": ("url",),
        },
        ("title", "url"),
    ),
}
# GDELT writes languages out; these are the ones that studies of news meet most
LANGUAGE_NAMES: Mapping[str, str] = {
    "arabic": "ar", "bulgarian": "bg", "chinese": "zh", "czech": "cs", "dutch": "nl", "english": "en",
    "french": "fr", "german": "de", "greek": "el", "hebrew": "he", "hindi": "hi", "hungarian": "hu",
    "indonesian": "id", "italian": "it", "japanese": "ja", "kazakh": "kk", "korean": "ko", "persian": "fa",
    "polish": "pl", "portuguese": "pt", "romanian": "ro", "russian": "ru", "serbian": "sr", "spanish": "es",
    "swedish": "sv", "thai": "th", "turkish": "tr", "ukrainian": "uk", "urdu": "ur", "vietnamese": "vi",
}  # fmt: skip


def preset(name: str) -> Preset:
    """Return a preset by name.

    Raises
    ------
    InputError
        If there is none of that name.
    """
    if name not in PRESETS:
        raise InputError(f"there is no preset {name!r}", "--preset", f"Known: {', '.join(PRESETS)}.")
    return PRESETS[name]
