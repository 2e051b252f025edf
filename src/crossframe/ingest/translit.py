"""Foreign names in Arabic letters, spelt in one of many ways: «الجارديان», «غارديان», «كوميرسنت», «كومرسانط»."""

import re

from crossframe.text import match_form

MIN_SKELETON, SURE_SKELETON = 4, 6  # consonants of a name that is looked for at all; that no ordinary words give
_SAME = str.maketrans("غقگطڤپچ", "جججتفبش")  # «غارديان», «جارديان», «قارديان»
_VOWELS = re.compile(r"[اويهةءئؤعى]")
_ARTICLE = re.compile(r"^(?:ال|ذا |ذي |لل)")
_DESIGNATED = re.compile(
    r"(?:ال)?(?:وكاله|وكالة|صحيفة|قناة|موقع|مجلة|شبكة|هيئة|اذاعة|راديو|جريدة|مركز|معهد|بوابة|تلفزيون)(?!\w)"
)
_ARABIC = re.compile(r"[\u0621-\u064aپچڤگ ]+")
_DOUBLE = re.compile(r"(.)\1")


def skeleton(name: str) -> str:
    """Return the consonants of a name in Arabic letters without article; '' for names in other letters or too short.

    Letters that stand for one foreign sound are made the same, vowels and doubled letters go.
    """
    form = _ARTICLE.sub("", match_form(re.sub(r"[.\-–'’]", " ", name)))
    if not _ARABIC.fullmatch(form) or _DESIGNATED.match(form):
        return ""
    bones = _DOUBLE.sub(r"\1", _VOWELS.sub("", form.replace(" ", "").translate(_SAME)))
    return bones if len(bones) >= MIN_SKELETON else ""
