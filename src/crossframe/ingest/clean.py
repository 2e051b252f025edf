"""What is stored: text as it stands, with broken encoding mended and what is no text taken out.

Unicode is normalised for matching only (`crossframe.text.match_form`), never here.
"""

import re
from collections import Counter

from crossframe.errors import InputError

# Embeddings, overrides and isolates reorder what a reader sees; no orthography needs them in a single line.
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
# In running text only the overrides go: they can make a reader see another text than a program does.
_OVERRIDES = re.compile("[\u202d\u202e]")
_MARKS = re.compile("[\u200e\u200f\u061c]")  # left in text, where they place punctuation; out of one-line fields
_SURROGATE = re.compile("[\ud800-\udfff]")
_BLOCK = re.compile(r"<(script|style|noscript|template|iframe|object|svg|head)\b[^<>]*>", re.I)
_TO_THE_END = {"script", "style"}  # what a browser would not show either where they are never closed
_TAGS = re.compile(
    r"</?(?:a|abbr|animate|article|aside|audio|b|base|big|blockquote|body|br|button|canvas|center|circle|code|details|dialog|div|em|"
    r"embed|figure|figcaption|font|footer|foreignobject|form|frame|frameset|g|h[1-6]|head|header|hr|html|i|iframe|img|image|input|"
    r"label|li|link|main|marquee|math|meta|mi|mn|mo|mrow|mtext|nav|noscript|object|ol|option|p|param|path|picture|pre|q|s|script|"
    r"section|select|set|small|source|span|strong|style|sub|summary|sup|svg|table|tbody|td|template|textarea|tfoot|th|thead|title|"
    r"tr|track|u|ul|use|video)(?:[\s/][^<>]*)?(?:>|\Z)|<!--.*?(?:-->|\Z)|<[a-z][^<>]*[\s/\"']on[a-z]+\s*=[^<>]*(?:>|\Z)",
    re.I | re.S,
)
_REMNANT = re.compile(r"<(?=[/!]|(?:script|style|iframe|object|embed|svg|math|img)\b)", re.I)  # no tag, but next to one
_BREAKS = re.compile(r"</?(?:br|p|div|li|tr|h[1-6])\b[^<>]*>", re.I)
_MAX_PASSES = 8  # tags that appear when inner ones are taken away


def one_line(text: str, where: str, seen: Counter[str] | None = None) -> str:
    """Return a title, name or address on one line, without any bidirectional control."""
    kept = body(text, where, seen)
    found = len(_BIDI.findall(kept))
    if seen is not None and found:
        seen["bidirectional controls removed"] += found
    return " ".join(_MARKS.sub("", _BIDI.sub("", kept)).split())


def body(text: str, where: str, seen: Counter[str] | None = None) -> str:
    """Return a text without broken encoding, markup, control characters and bidirectional overrides.

    Parameters
    ----------
    text
        Anything that was read.
    where
        Place, for the message.
    seen
        Counts what was changed, by name, for the report on standard error.

    Raises
    ------
    InputError
        On NUL characters and halves of surrogate pairs: the text was damaged before it came here.
    """
    whole = mended(text, where, seen)
    plain = without_markup(whole)
    notes = {
        "texts with markup taken out": int(plain != whole),
        "bidirectional controls removed": len(_OVERRIDES.findall(plain)),
    }
    if seen is not None:
        seen.update({name: n for name, n in notes.items() if n})
    return _OVERRIDES.sub("", plain).strip()


def mended(text: str, where: str, seen: Counter[str] | None = None) -> str:
    """Return a text, or a page with its markup, without mojibake, foreign line ends and control characters.

    Raises
    ------
    InputError
        As `body` does.
    """
    if "\0" in text:
        raise InputError("holds NUL characters", where, "It is binary or damaged: export it again as UTF-8 text.")
    if half := _SURROGATE.search(text):
        raise InputError(
            f"holds half of a surrogate pair (U+{ord(half[0]):04X})", where, "Export it again as UTF-8 text."
        )
    whole = _mend(text)
    if seen is not None and whole != text.replace("\r\n", "\n").replace("\r", "\n"):
        seen["texts with mended encoding"] += 1
    return whole


def without_markup(text: str) -> str:
    """Return the text without HTML tags and comments; scripts and styles go with what they hold.

    Only names of HTML elements count as tags, so that «a < b» and «<ثلاثة>» stay.
    """
    for _ in range(_MAX_PASSES):
        if "<" not in text:
            return text
        plain = _REMNANT.sub("‹", _TAGS.sub("", _BREAKS.sub("\n", _without_blocks(text))))
        if plain == text:
            return text
        text = plain
    return text.replace("<", "‹")  # nested to deceive


def _without_blocks(text: str) -> str:
    """Take elements out whose content is not shown, in one pass over the text."""
    kept, at = [], 0
    unclosed: set[str] = set()
    while found := _BLOCK.search(text, at):
        name = found[1].lower()
        closing = None if name in unclosed else re.compile(rf"</{name}\s*>", re.I).search(text, found.end())
        if closing is None and name not in _TO_THE_END:
            unclosed.add(name)
            kept.append(text[at : found.end()])
            at = found.end()
            continue
        kept.append(text[at : found.start()])
        at = closing.end() if closing else len(text)
    return "".join(kept) + text[at:]


def _mend(text: str) -> str:
    """Mend mojibake and line ends and drop control characters; letters and quotes stay as they are."""
    import ftfy

    config = ftfy.TextFixerConfig(
        unescape_html=False, uncurl_quotes=False, fix_latin_ligatures=False, fix_character_width=False,
        normalization=None, fix_surrogates=False, explain=False,
    )  # fmt: skip
    return str(ftfy.fix_text(text, config))
