"""Voice: quoted words and the narrator's, who speaks, and who blames whom."""

from crossframe.voice.actors import ACTORS, Actor, Gazetteer, check_actors, load_gazetteer
from crossframe.voice.quotes import Span, count_words, quoted, quoted_words
from crossframe.voice.records import Attribution, Blame, Party
from crossframe.voice.speech import attributions, blame, read

__all__ = [
    "ACTORS",
    "Actor",
    "Attribution",
    "Blame",
    "Gazetteer",
    "Party",
    "Span",
    "attributions",
    "blame",
    "check_actors",
    "count_words",
    "load_gazetteer",
    "quoted",
    "quoted_words",
    "read",
]
