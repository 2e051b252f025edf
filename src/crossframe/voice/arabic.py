"""Arabic: who says what. Verbs of reporting with their subjects, and phrases such as «بحسب فلان»."""

from crossframe.voice.actors import Gazetteer
from crossframe.voice.arabic_blame import noun_blame, verb_blame
from crossframe.voice.arabic_sentence import ArabicSentence, literal
from crossframe.voice.arabic_subjects import RELATIVES, dropped_subject, is_only_object, left_subject
from crossframe.voice.conjugation import VerbForm, verb_forms
from crossframe.voice.lexicon import VerbClass, lexicon
from crossframe.voice.memory import Memory
from crossframe.voice.phrases import Phrase, bare, is_title
from crossframe.voice.quotes import quoted
from crossframe.voice.records import Attribution, Blame, Party
from crossframe.voice.report import Report, attributions_of
from crossframe.voice.tokens import sentence_tokens

_NEAR = 2  # tokens after its subject in which a particle that has to be near stands
_WINDOW = 16  # tokens after a verb in which its particle has to stand
_PARTICIPLE_WINDOW = 5  # the same of a participle
_APPOSITION = 9  # tokens of an apposition between subject and object
_THAT_WHICH = frozenset({"ما", "حسبما", "كما"})
_BESIDE = frozenset({"علي", "استنادا", "الي"})  # before «ما»: على ما قالت، استنادا إلى ما ذكره
_BEFORE_THAT = frozenset({"بعد", "الا", "سبق", "وسبق"})  # بعد أن قال: here a verb does follow the particle
_SUBJUNCTIVE = frozenset({"كي", "لكي", "حتي"})
_FROM_HIM = frozenset({"عنه", "عنها", "عنهم"})
_OPINION = ("راي", "نظر", "تقدير")  # في رأيها: an opinion, not words


def read_arabic(text: str, gazetteer: Gazetteer) -> tuple[list[Attribution], list[Blame]]:
    """Return the reported acts of speech and the acts of blame of a text, in their order."""
    memory = Memory(gazetteer)
    attributions: list[Attribution] = []
    blames: list[Blame] = []
    for place, tokens in sentence_tokens(text, quoted(text, "ar"), gazetteer):
        sentence = ArabicSentence(tokens, gazetteer, memory)
        sentence.hear(_headline(sentence))
        for i in range(len(tokens)):
            sentence.hear(_according(sentence, i) or _verb(sentence, i) or _noun(sentence, i))
        subject = sentence.main_subject()
        attributions += attributions_of(sentence.found, tokens, place)
        for report in sentence.found:
            blames += verb_blame(report, tokens, place, gazetteer)
        blames += noun_blame(tokens, place, gazetteer, subject)
        memory.end_sentence(subject, [Party(t.mention.actor_id, t.form) for t in tokens if t.mention])
    return attributions, blames


def _headline(s: ArabicSentence) -> Report | None:
    """Read «زاخاروفا: الاتفاقية ليست موجهة ضد أحد»."""
    start = next((k for k, t in enumerate(s.tokens) if t.kind != "mark"), 0)
    phrase = s.phrase(start)
    alone = phrase.known and not phrase.rest and len(phrase.groups) == 1
    if not alone or s.form(phrase.end) != ":" or phrase.end == len(s.tokens) - 1:
        return None
    return Report(phrase.known, ":", "say", start, phrase.end + 1)


def _according(s: ArabicSentence, i: int) -> Report | None:
    """Read «بحسب فلان», «على لسان فلان», «وفقا لفلان», «بحسب قوله», «في رأيها»."""
    words = lexicon("ar")
    forms = [t.form for t in s.tokens[i : i + 3]]
    forms[0] = forms[0] if forms[0].startswith("وفق") else bare(forms[0])
    length = next((n for n in (3, 2, 1) if " ".join(forms[:n]) in words.according), 0)
    own = s.form(i + max(length, 1)) in words.own_words
    if not length and not (forms[0] == "في" and own and s.form(i + 1).startswith(_OPINION)):
        return None
    j = i + max(length, 1)
    surface = " ".join([forms[0] if length < 2 else s.surface(i), *(t.surface for t in s.tokens[i + 1 : j])])
    if own:
        kind: VerbClass = "claim" if s.form(j).startswith("زعم") else "think" if forms[0] == "في" else "say"
        speakers = s.memory.last
        return Report(speakers, surface, kind, i, j + 1, True, lasting=False, aside=True) if speakers else None
    phrase = s.phrase(j + (s.form(j) in words.voice_nouns), oblique=True)
    speakers, inferred = s.speakers(phrase)
    if not speakers:
        return None
    return Report(speakers, surface, "say", i, phrase.end, inferred, lasting="لسان" in surface, aside=True)


def _noun(s: ArabicSentence, i: int) -> Report | None:
    """Read «قول فلان إن», a noun that reports like its verb."""
    if s.form(i) not in lexicon("ar").reporting_nouns or s.form(i - 1) == "حد":
        return None
    phrase = s.phrase(i + 1)
    if not phrase.known or not any(s.is_that(j) for j in range(phrase.end, phrase.end + 4)):
        return None
    return Report(phrase.known, s.tokens[i].surface, "say", i, phrase.end, lasting=False)


def _verb(s: ArabicSentence, i: int) -> Report | None:
    """Read a verb of reporting with its subject; None where the word is no such verb here."""
    if s.tokens[i].kind != "word":
        return None
    readings, conjoined = verb_forms().get(s.form(i), ()), False
    if not readings and s.form(i)[:1] in {"و", "ف"}:
        readings, conjoined = verb_forms().get(s.form(i)[1:], ()), True
    for form in readings:
        if not _is_barred(s, i, form):
            report = _participle(s, i, form) if form.shape == "participle" else _finite(s, i, form, conjoined)
            if report is not None:
                return report
    return None


def _is_barred(s: ArabicSentence, i: int, form: VerbForm) -> bool:
    """Say whether the word before a verb keeps it from reporting: a negation, a preposition, «أن»."""
    words, previous = lexicon("ar"), s.form(i - 1)
    if previous in words.negations and not form.verb.negated:
        return True
    if form.shape == "present" and (previous in words.that or previous in _SUBJUNCTIVE):
        return True  # أن يؤكد: what somebody may say, not what he says
    if form.shape == "past" and previous in {"ان", "بان"} and s.form(i - 2) not in _BEFORE_THAT:
        return True  # «أن أمل بكين»: a noun follows the particle
    return previous in words.prepositions and previous not in _THAT_WHICH


def _participle(s: ArabicSentence, i: int, form: VerbForm) -> Report | None:
    """Read «قائلا إن», «مؤكدا دعمه»: the subject is that of the sentence."""
    phrase = s.phrase(i + 1)
    if form.verb.needs:
        reports = s.needs(form, i + 1, _PARTICIPLE_WINDOW)
    else:
        reports = s.is_that(i + 1) or s.is_that(i + 2) or (form.verb.has_object and bool(phrase.groups or phrase.words))
    if not reports:
        return None
    own = next((p for p in [*s.earlier(), s.main_subject()] if p and s.memory.agrees(p, form)), [])
    speakers = own or s.memory.last
    return _report(s, speakers, i, form, phrase, i + 1, not own, object_first=True) if speakers else None


def _finite(s: ArabicSentence, i: int, form: VerbForm, conjoined: bool) -> Report | None:
    """Read a finite verb: its subject stands before it, after it, or is left out."""
    right = s.phrase(i + 1)
    speakers = left_subject(s, i, s.form(i)[:1] if conjoined else "")
    inferred, end, object_first = False, i + 1, bool(speakers)
    if not speakers and not is_only_object(s, form, right):
        speakers, inferred = s.speakers(right, form.verb)
        if not speakers and _is_name(s, form, right):
            speakers = [Party(None, literal(right.words))]
        if speakers:
            end = s.past_titles(right)
        if speakers and not inferred:
            s.memory.agreed(speakers, form)
    if not _reports(s, i, form, right, bool(speakers)):
        return None
    if not speakers and form.verb.verb_class == "relay":
        return _relay(s, [], i, form, right, inferred=True)
    if not speakers:
        speakers, inferred, object_first = dropped_subject(s, i, form, conjoined), True, True
    return _report(s, speakers, i, form, right, end, inferred, object_first) if speakers else None


def _is_name(s: ArabicSentence, form: VerbForm, right: Phrase) -> bool:
    """Say whether words after a verb are a speaker that the gazetteer does not hold: the reported clause follows.

    Of a verb that takes an object they may be that (ناشد الحلفاء أن), so nobody is named.
    """
    if not right.words or right.groups or form.verb.has_object:
        return False
    if s.form(right.end) in lexicon("ar").that:
        return True
    return s.is_that(right.end) and not right.words[0].form.startswith("ب")  # «أشار إليها بعبارة “…”» names nobody


def _reports(s: ArabicSentence, i: int, form: VerbForm, right: Phrase, subject: bool) -> bool:
    """Say whether a verb stands here as one that reports: with what it needs, or beside what is reported."""
    verb = form.verb
    first = right.after if verb.near and right.groups else i + 1
    if s.needs(form, first, _NEAR if verb.near else _WINDOW):
        return True
    clause = bool(lexicon("ar").that & set(verb.needs)) or verb.verb_class == "relay"
    beside = s.form(i - 1) in _THAT_WHICH or (form.with_object and "ب+" not in verb.needs)
    return subject and clause and beside


def _report(
    s: ArabicSentence,
    speakers: list[Party],
    i: int,
    form: VerbForm,
    right: Phrase,
    end: int,
    inferred: bool,
    object_first: bool,
) -> Report | None:
    """Return the report of a verb with the object that it blames; None where a threat is no speech."""
    verb = form.verb
    if verb.verb_class == "relay":
        return _relay(s, speakers, i, form, right, inferred)
    groups = right.groups if object_first else right.groups[1:]
    objects = groups[0] if groups else [] if object_first else _past_apposition(s, end)
    threatened = any(p.actor_id for p in objects) or any(s.is_need("ب+", t) for t in s.tokens[end : end + _NEAR])
    if verb.explicit and verb.verb_class == "warn" and not threatened:
        return None  # «يهدد مصالح روسيا» is no speech
    aside = verb.verb_class in {"say", "claim"} and _is_aside(s, i)
    return Report(speakers, s.surface(i), verb.verb_class, i, end, inferred, None, objects, form, aside=aside)


def _is_aside(s: ArabicSentence, i: int) -> bool:
    """Say whether a verb stands beside what it reports: «وفق ما ذكرته تاس», «كما كتب بوتين»."""
    if s.form(i - 1) == "ما":
        return bool({bare(s.form(i - 2)), s.form(i - 2)} & (_BESIDE | lexicon("ar").according))
    return s.form(i - 1) in _THAT_WHICH


def _past_apposition(s: ArabicSentence, end: int) -> list[Party]:
    """Return the object that an apposition parts from the subject: «حذر فلان، المتحدث باسم سيول، روسيا من»."""
    if s.form(end) != "،":
        return []
    for j in range(end + 1, min(end + _APPOSITION, len(s.tokens))):
        token = s.tokens[j]
        if token.form == "،":
            return s.phrase(j + 1).known
        if token.kind != "name" and not is_title(token) and token.form != "متحدثا":
            return []
    return []


def _relay(
    s: ArabicSentence, carriers: list[Party], i: int, form: VerbForm, right: Phrase, inferred: bool
) -> Report | None:
    """Read «نقلت تاس عن لافروف»: the speaker comes after the particle, the carrier before."""
    beside = s.form(i - 1) in _THAT_WHICH | RELATIVES
    via = carriers[0].actor_id if carriers else None
    if s.form(i + 1) in _FROM_HIM and not beside and s.memory.last and not inferred:
        return Report(s.memory.last, s.surface(i), "say", i, right.end, True, via)
    if s.form(right.end) == "عن" and form.verb.needs:
        source = s.phrase(right.end + 1)
        speakers, remembered = s.speakers(source)
        if speakers:
            return Report(speakers, s.surface(i), "say", i, source.end, remembered, via)
    if not carriers:
        return None
    return Report(carriers, s.surface(i), "relay", i, right.end, inferred, lasting=False, aside=beside)
