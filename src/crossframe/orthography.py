"""Arabic orthography: what a careful editor would mark."""

import re

_FOREIGN = re.compile(r"[کیگپچژ]")
_TATWEEL = re.compile("\u0640")
_PAIRS = (("“", "”"), ("«", "»"), ("(", ")"))
# word starts that want a hamza on the alef (form IV and common nouns and particles), without it
_HAMZA = re.compile(
    r"(?<![\u0621-\u064a])[وفبل]{0,2}(?:ال)?(?:"
    r"امريك|اوروب|اوكران|اكد|اعلن|اشار|اضاف|اوضح|ايضا|اسلح|امني|امنية|اجراء|اطار|اعضاء|اراض|اسباب|اكثر|اهداف|"
    r"الى(?![\u0621-\u064a])|انها(?![\u0621-\u064a])|انهم(?![\u0621-\u064a])|"
    r"او(?![\u0621-\u064a])|ان(?![\u0621-\u064a])|اي(?![\u0621-\u064a]))"
)
# feminine nouns of this register written with ha for ta marbuta
_HA = re.compile(
    r"(?<![\u0621-\u064a])(?:ال|وال|بال|لل)"
    r"(?:دول|سياس|علاق|اتفاقي|معاهد|زيار|قم|منطق|شراك|وزار|وكال|صحيف|رئاس|روسي|كوري|أمريكي|عسكري)ه(?![\u0621-\u064a])"
)
_PUNCTUATION = re.compile(r"\s[،.؟!]|،،|\s\s|(?<=[\u0621-\u064a]),|[\u0621-\u064a];|[\u0621-\u064a]\?")


def faults(text: str) -> list[tuple[str, str]]:
    """Return (what is wrong, the piece of text) for letters and marks that are wrong for certain."""
    out = []
    for name, pattern in (
        ("Persian letter in Arabic text", _FOREIGN),
        ("tatweel", _TATWEEL),
        ("Latin punctuation or misplaced space in Arabic text", _PUNCTUATION),
    ):
        out += [(name, _around(text, m)) for m in pattern.finditer(text)]
    for left, right in _PAIRS:
        if text.count(left) != text.count(right):
            out.append((f"unbalanced {left} {right}", text))
    if text.count('"') % 2:
        out.append(("unbalanced straight quotes", text))
    return out


def slips(text: str) -> list[tuple[str, str]]:
    """Return (what looks wrong, the word) for likely slips: a hamza or a ta marbuta left out."""
    out = [("hamza left out?", _word(text, m)) for m in _HAMZA.finditer(text)]
    return out + [("ha for ta marbuta?", _word(text, m)) for m in _HA.finditer(text)]


def _around(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - 12) : match.end() + 12].strip()


def _word(text: str, match: re.Match[str]) -> str:
    end = text.find(" ", match.end())
    return text[match.start() : end if end > 0 else len(text)].strip("،.؟!”“»« ")
