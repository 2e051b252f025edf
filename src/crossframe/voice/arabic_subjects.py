"""Arabic subjects that do not follow their verb: before it, left out, or mistaken for its object."""

from crossframe.voice.arabic_sentence import ArabicSentence
from crossframe.voice.conjugation import VerbForm
from crossframe.voice.lexicon import lexicon
from crossframe.voice.phrases import Phrase, bare
from crossframe.voice.records import Party

RELATIVES = frozenset({"الذي", "التي", "اللذان", "اللذين", "الذين"})
_AS_FOR = frozenset({"اما", "واما"})
_IN_IT = frozenset({"فيه", "فيها"})
# a verb without a subject follows one of these, begins its sentence, or has its conjunction written onto it
_BEFORE_BARE_VERB = RELATIVES | {
    "كما", "ثم", "حيث", "اذ", "قد", "ما", "حسبما", "فيما", "حين", "بل", "،", "؛", "(", "فانه", "فانها", "انه", "انها",
}  # fmt: skip
_CLAUSE_STARTS = frozenset({
    "لكن", "فيما", "بينما", "حين", "كان", "كانت", "اما", "ان", "اذ", "غير", "حيث", "بيد", "كذلك", "ايضا", "،", "؛", ".",
    ":", "ثم", "كما", "(", ")", "بان", "قبل", "بعدما", "رغم",
})  # fmt: skip
_NAMING = frozenset({"وصف", "سمى"})  # «ما وصفه بطموحات الغرب» says something, «ما قاله» points to something said


def left_subject(s: ArabicSentence, i: int, conjunction: str) -> list[Party]:
    """Return the subject before a verb: «كييف تنفي», «أما بوتين فقال», «كيربي، الذي قال».

    Parameters
    ----------
    i
        Position of the verb.
    conjunction
        What is written onto it: و, ف or nothing. After و a new clause begins, and what stands before is not
        its subject; after ف it is the topic of «أما».
    """
    words = lexicon("ar")
    j = i
    while j > 0 and s.form(j - 1) in words.fillers | words.negations | {"قد"}:
        j -= 1
    if conjunction == "ف" and (topics := [k for k in range(j) if s.form(k) in _AS_FOR]):
        return s.phrase(topics[-1] + 1, i).known
    if conjunction or j == 0:
        return []
    if s.form(j - 1) in RELATIVES:
        return _antecedent(s, i, j)
    before = s.tokens[j - 1]
    if before.mention and s.form(i + 1) in _IN_IT:
        return [Party(before.mention.actor_id, before.form)]  # «مقالا لبوتين شدد فيه على»
    start = j
    while start > 0 and not {s.form(start - 1), bare(s.form(start - 1))} & _CLAUSE_STARTS:
        start -= 1
    phrase = s.phrase(start, j)
    return phrase.known if phrase.end == j and len(phrase.groups) == 1 and not phrase.rest else []


def _antecedent(s: ArabicSentence, i: int, j: int) -> list[Party]:
    """Return the name that a relative clause goes with."""
    if s.form(i + 1) in lexicon("ar").fillers:
        return []  # «التي نقلت عنها رويترز»: the antecedent is what the pronoun stands for
    k = j - 2 if s.form(j - 2) == "،" else j - 1
    mention = s.tokens[k - 1].mention if k > 0 else None
    return [Party(mention.actor_id, s.form(k - 1))] if mention else []


def is_only_object(s: ArabicSentence, form: VerbForm, right: Phrase) -> bool:
    """Say whether the one noun phrase after a verb is its object: «واتهم واشنطن بـ», «وشكر كوريا الشمالية»."""
    if form.with_object or len(right.groups) != 1:
        return False
    k = right.after
    while k < len(s.tokens) and s.is_filler(k):
        k += 1
    if form.verb.needs_object and s.needs(form, k, 1):
        return True
    masculine = form.verb.has_object and form.number == 1 and form.gender == "m"
    plural = right.surface in lexicon("ar").people
    return masculine and not plural and s.memory.gender(right.known, right.surface) == "f"


def dropped_subject(s: ArabicSentence, i: int, form: VerbForm, conjoined: bool) -> list[Party]:
    """Return the subject of a verb that names none: that of its sentence, else the last speaker, else the last topic.

    Gender and number have to agree; without an agreeing one, and where the verb may be a noun or a passive,
    the list is empty.
    """
    previous = s.form(i - 1)
    allowed = conjoined or i == 0 or bare(previous) in _BEFORE_BARE_VERB
    pointing = previous in RELATIVES and not form.with_object  # «التقارير التي تحدثت عن»
    doubt = form.verb.verb_class == "claim" and previous in {"ما", "كما"}  # «على ما يزعم» has a subject, «ما يسمى» none
    passive = bare(s.form(i)) in lexicon("ar").passives and not doubt
    said = previous == "ما" and form.with_object and form.verb.lemma not in _NAMING
    if not allowed or form.verb.explicit or pointing or passive or said:
        return []
    own = (s.earlier() or [s.main_subject() if i else []])[0]
    for speakers in (own, s.memory.last, s.memory.topic):
        if speakers and s.memory.agrees(speakers, form):
            return speakers
    return []
