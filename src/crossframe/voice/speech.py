"""Who says what and who blames whom, in every language that has a lexicon."""

from crossframe.voice.actors import Gazetteer
from crossframe.voice.arabic import read_arabic
from crossframe.voice.clauses import read_clauses
from crossframe.voice.lexicon import lexicon
from crossframe.voice.particles import read_particles
from crossframe.voice.records import Attribution, Blame


def attributions(text: str, language: str, gazetteer: Gazetteer) -> list[Attribution]:
    """Return the acts of speech that a text reports, in their order.

    What stands in quotation marks is not searched: a report within a quotation is not the narrator's.
    The rules are few and plain, and what they are not sure of they leave out.

    Parameters
    ----------
    text
        Any text.
    language
        ISO 639-1 code of a language with a lexicon.
    gazetteer
        Who can speak, see `crossframe.voice.actors.load_gazetteer`.

    Raises
    ------
    InputError
        If there is no lexicon for the language.
    """
    return read(text, language, gazetteer)[0]


def blame(text: str, language: str, gazetteer: Gazetteer) -> list[Blame]:
    """Return the acts of accusing, condemning and warning that a text reports, in their order.

    Parameters and errors are those of `attributions`.
    """
    return read(text, language, gazetteer)[1]


def read(text: str, language: str, gazetteer: Gazetteer) -> tuple[list[Attribution], list[Blame]]:
    """Return both, for one reading of the text. Parameters and errors are those of `attributions`."""
    lexicon(language)  # an unknown language is refused before anything else
    if language == "ar":
        return read_arabic(text, gazetteer)
    if language in {"ja", "ko"}:
        return read_particles(text, language, gazetteer)
    return read_clauses(text, language, gazetteer)
