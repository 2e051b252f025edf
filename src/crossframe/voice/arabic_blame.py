"""Arabic: who blames whom, from verbs of accusing and warning and from nouns such as «اتهامات»."""

from collections.abc import Sequence

from crossframe.voice.actors import Gazetteer
from crossframe.voice.lexicon import BLAMING, lexicon
from crossframe.voice.phrases import bare, noun_phrase
from crossframe.voice.records import Blame, Party, blames
from crossframe.voice.report import Report
from crossframe.voice.tokens import Token

_WINDOW = 14  # tokens after a verb in which its target is looked for
_DANGER = 5  # tokens after «حذر» in which «من مساعدة روسية» names whose deed is feared
# an action that is condemned ends here: what follows is against whom it goes, or another clause
_END_OF_ACTION = frozenset({
    "ضد", "على", "علي", "ازاء", "بسبب", "خلال", "بعد", "قبل", "الي", "في", "،", ".", "؛", "معتبرا", "معتبرة", "مع",
    "لدي", "وسط",
})  # fmt: skip
_FACING = frozenset({"يواجه", "تواجه", "واجه", "واجهت", "يواجهان"})
_PROVOKING = frozenset({"اثار", "اثارت", "يثير", "تثير", "اثارا"})
_MET_WITH = frozenset({"قوبل", "قوبلت", "يقابل", "تقابل"})  # «قوبل التعاون بين روسيا وكوريا بإدانة من»


def verb_blame(report: Report, tokens: Sequence[Token], place: tuple[int, int], gazetteer: Gazetteer) -> list[Blame]:
    """Return who is blamed by the speakers of a report; a warning without a target is none."""
    if report.form is None or report.verb_class not in BLAMING or not report.form.verb.target:
        return []
    agents = [s.actor_id for s in report.speakers]
    targets = _targets(report, tokens, gazetteer)
    return blames(agents, targets, report.verb, report.verb_class, place, report.inferred)


def _targets(report: Report, tokens: Sequence[Token], gazetteer: Gazetteer) -> list[str]:
    """Return the actors that a verb's object or preposition names."""
    if report.form is None or report.form.with_object:
        return []  # «اتهمهم»: the pronoun is not resolved
    rules = report.form.verb.target
    if "object" not in rules:
        return _after_preposition(rules, tokens[report.at + 1 : report.at + 1 + _WINDOW], gazetteer)
    known = [p.actor_id for p in report.objects if p.actor_id]
    if known or (report.verb_class != "warn" and "deed" not in rules):
        return known
    after = tokens[report.end :]
    return _danger(after[:_DANGER], gazetteer) if report.verb_class == "warn" else _action(_past_aside(after))


def _after_preposition(rules: Sequence[str], window: Sequence[Token], gazetteer: Gazetteer) -> list[str]:
    """Return the actors after one of some prepositions: «إلى سيول», «لسيول», «بتعاون روسيا»."""
    for i, token in enumerate(window):
        written_on = token.kind == "name" and any(r[0] in token.prefix for r in rules if r.endswith("+"))
        if written_on or (token.kind == "word" and bare(token.form) in rules):
            phrase = noun_phrase(window, i if written_on else i + 1, len(window), gazetteer, oblique=written_on)
            return [p.actor_id for p in phrase.known if p.actor_id]
        if token.kind == "word" and "ب+" in rules and token.form.startswith("ب"):
            return _action(window[i + 1 :])
    return []


def _past_aside(tokens: Sequence[Token]) -> Sequence[Token]:
    """Skip what stands between commas after the subject: «أدانت واشنطن، في بيان مشترك، تعميق …»."""
    commas = [k for k, t in enumerate(tokens[:_WINDOW]) if t.form == "،"]
    return tokens[commas[1] + 1 :] if len(commas) > 1 and commas[0] == 0 else tokens


def _action(tokens: Sequence[Token]) -> list[str]:
    """Return whose deed is condemned: «تعميق التعاون بين كوريا الشمالية وروسيا»."""
    found: list[str] = []
    for token in tokens:
        if token.form in _END_OF_ACTION or token.kind == "quote":
            break
        if token.mention and not set(token.prefix) & set("بلك"):
            found.append(token.mention.actor_id)
    return list(dict.fromkeys(found))


def _danger(tokens: Sequence[Token], gazetteer: Gazetteer) -> list[str]:
    """Return whose deed is warned of: «من مساعدة روسية»."""
    if not tokens or tokens[0].form != "من":
        return []
    for i, token in enumerate(tokens[1:], start=1):
        if token.mention and not token.prefix:
            return [token.mention.actor_id]
        if state := _nation(tokens, i, gazetteer):
            return [state[0]]
    return []


def noun_blame(
    tokens: Sequence[Token], place: tuple[int, int], gazetteer: Gazetteer, subject: Sequence[Party]
) -> list[Blame]:
    """Read «اتهامات واشنطن لموسكو», «تواجه موسكو اتهامات», «في خطوة أثارت انتقاد سيول» (the sentence's subject)."""
    out: list[Blame] = []
    for i, token in enumerate(tokens):
        noun = bare(token.form)
        if token.kind != "word" or (noun.removeprefix("ب") not in lexicon("ar").blame_nouns):
            continue
        agents, j = _agents(tokens, i + 1, gazetteer)
        targets = _blamed(tokens, j, gazetteer) or _facing(tokens, i, gazetteer)
        if not targets and any(bare(t.form) in _PROVOKING for t in tokens[max(0, i - 2) : i]):
            targets = [p.actor_id for p in subject]
        out += blames(agents or [None], targets or [None], bare(token.surface), "accuse", place)
    return out


def _agents(tokens: Sequence[Token], i: int, gazetteer: Gazetteer) -> tuple[list[str | None], int]:
    """Return who accuses: an adjective of nationality, a name in the genitive, or one after «من»."""
    if found := _nation(tokens, i, gazetteer):
        return [found[0]], i + found[1]
    start = i + 1 if i < len(tokens) and tokens[i].form == "من" else i
    phrase = noun_phrase(tokens, start, len(tokens), gazetteer)
    return [p.actor_id for p in phrase.known], phrase.end if phrase.known else i


def _nation(tokens: Sequence[Token], i: int, gazetteer: Gazetteer) -> tuple[str, int] | None:
    """Return the state that an adjective stands for, and how many words it has: «كورية شمالية»."""
    for length in (2, 1):
        words = " ".join(t.form for t in tokens[i : i + length])
        for state, forms in lexicon("ar").nations.items():
            if words in forms and state in gazetteer.actors:
                return state, length
    return None


def _blamed(tokens: Sequence[Token], j: int, gazetteer: Gazetteer) -> list[str | None]:
    if j < len(tokens) and "ل" in tokens[j].prefix:
        return [p.actor_id for p in noun_phrase(tokens, j, len(tokens), gazetteer, oblique=True).known]
    if j < len(tokens) and tokens[j].form in {"الي", "ضد"}:
        return [p.actor_id for p in noun_phrase(tokens, j + 1, len(tokens), gazetteer).known]
    return []


def _facing(tokens: Sequence[Token], i: int, gazetteer: Gazetteer) -> list[str | None]:
    """Return who faces the accusations, where a verb of facing stands before them."""
    if met := [k for k in range(i) if bare(tokens[k].form) in _MET_WITH]:
        return list(_action(tokens[met[-1] + 1 : i]))
    starts = [k for k in range(max(0, i - 6), i) if bare(tokens[k].form) in _FACING]
    if not starts:
        return []
    return [p.actor_id for p in noun_phrase(tokens, starts[-1] + 1, i, gazetteer).known]
