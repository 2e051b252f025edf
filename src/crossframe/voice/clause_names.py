"""Names in English, Russian, Ukrainian, Chinese and Persian sentences: what they belong to, what they are joined to."""

import re

from crossframe.voice.actors import Mention
from crossframe.voice.masked import HIDDEN, Sentence, one_of

WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*\.?")
_MAX_GAP = 70  # characters between a name and its verb
_MAX_GAP_ZH = 24
_MIN_STEM = 4  # letters by which a title is known in another case: пресс-секретаря
# what may stand before a name that begins a Chinese clause
_CLAUSE_EDGE = re.compile(r"(?:^|[，。；：、！？“”「」『』\s的日天月年])$")
_DAY_ZH = re.compile("^[^，]{0,6}日，")  # 普京5日，在会上说


def subject_before(sentence: Sentence, start: int) -> list[Mention]:
    """Return the mentions that are the subject of the verb at `start`: the nearest valid one and what it is joined to.

    In Persian it is the first valid one, for the object stands between the subject and the verb.
    """
    persian = sentence.language == "fa"
    ends = [end for _start, end, _verb in sentence.verbs if end <= start]
    order = range(len(sentence.mentions))
    for k in order if persian else reversed(order):
        mention = sentence.mentions[k]
        if mention.end > start or not mention.subject:
            continue
        gap = sentence.text[mention.end : start]
        if sentence.language == "zh" and mention.start in ends:
            continue  # a name right after a Chinese verb is its object: 谈到乌克兰
        if ends and ends[-1] > mention.end and not (sentence.language == "zh" and re.search("[时時]", gap)):
            if persian:
                continue
            return []
        if _leaves_subject(sentence, gap) and _is_free(sentence, k):
            return _with_joined(sentence, k)
    return []


def is_title(word: str, sentence: Sentence) -> bool:
    """Say whether a word is a title, in whatever case."""
    titles = sentence.lexicon.titles
    if word in titles or word.rstrip(".") in titles:
        return True
    if word.isascii() or len(word) <= _MIN_STEM:
        return False
    return any(len(t) > _MIN_STEM and word.lower().startswith(t.lower()[: max(_MIN_STEM, len(t) - 2)]) for t in titles)


def chain(sentence: Sentence, position: int) -> list[Mention]:
    """Return the mentions that follow a place with nothing but titles, and at first a first name, between them."""
    out: list[Mention] = []
    for mention in sentence.mentions:
        if mention.start < position:
            continue
        gap = sentence.text[position : mention.start]
        others = [t for t in WORD.findall(gap) if not is_title(t, sentence)]
        first_name = len(others) == 1 and others[0].istitle() and not out
        if re.search(f"[,，،。;:{HIDDEN}]", gap) or (others and not first_name):
            break
        out.append(mention)
        position = mention.end
    return out


def with_following(sentence: Sentence, k: int) -> list[Mention]:
    """Return a mention and those that follow, joined to it: США и Южную Корею."""
    out = [sentence.mentions[k]]
    while k + 1 < len(sentence.mentions) and _is_joined(sentence, k + 1):
        out.append(sentence.mentions[k + 1])
        k += 1
    return out


def last_word(text: str) -> str:
    """Return the last word of a text; n’t counts as one."""
    found = re.search(r"(\w+(?:[’']\w+)?)\s*$", text)
    word = found.group(1) if found else ""
    return "n't" if re.search(r"n[’']t$", word) else word


def _leaves_subject(sentence: Sentence, gap: str) -> bool:
    """Say whether what stands between a name and a verb leaves the name its subject."""
    words = sentence.lexicon
    if sentence.language == "zh":
        return len(gap) <= _MAX_GAP_ZH and not re.search(f"[。；：，、{HIDDEN}]", _DAY_ZH.sub("", gap))
    if len(gap) > _MAX_GAP or re.search(f"[;:({HIDDEN}]", gap):
        return False
    rest = re.sub(r"^[,،][^,،]*[,،]", "", gap)  # an apposition
    tokens = WORD.findall(rest)
    if re.search("[,،]", rest):
        return False
    if sentence.language == "fa":
        return not re.match(r"\s*را(?!\w)", gap) and not set(tokens) & words.that
    if all(t in words.fillers or is_title(t, sentence) for t in tokens):
        return True
    return tokens[0] in words.prepositions and not set(tokens) & (words.that | words.pronouns)


def _is_free(sentence: Sentence, k: int) -> bool:
    """Say whether a name belongs to nothing before it: not «to Russia», «between Russia and North Korea»."""
    if _is_governed(sentence, sentence.mentions[k]):
        return False
    if not _is_joined(sentence, k):
        return True
    other = sentence.mentions[k - 1]
    return other.subject and not _is_governed(sentence, other)


def _is_governed(sentence: Sentence, mention: Mention) -> bool:
    words, before = sentence.lexicon, sentence.text[: mention.start]
    if sentence.language == "zh":
        after = one_of(words.titles | words.conjunctions | words.fillers)
        beside = any(m.end == mention.start for m in sentence.mentions)
        opens = beside or bool(_CLAUSE_EDGE.search(before) or re.search(f"(?:{after})$", before))
        return not opens or bool(re.search(f"(?:{one_of(words.prepositions)})$", before))
    before = re.sub(rf"(?:\b(?:{one_of(words.titles)})\s*)*$", "", before)
    return last_word(before) in words.prepositions and not before.rstrip().endswith((",", "،"))


def _is_joined(sentence: Sentence, k: int, comma: bool = False) -> bool:
    """Say whether a mention is joined to the one before by a conjunction, or in a list by a comma."""
    if k == 0:
        return False
    words, spaced = sentence.lexicon, "" if sentence.language == "zh" else r"\s*"
    between = sentence.text[sentence.mentions[k - 1].end : sentence.mentions[k].start]
    titles = rf"(?:\b(?:{one_of(words.titles)})\s*)*" if spaced else ""
    joint = rf"{spaced},?{spaced}(?:{one_of(words.conjunctions)}{'|,' if comma else ''}){spaced}{titles}"
    return re.fullmatch(joint, between) is not None


def _with_joined(sentence: Sentence, k: int) -> list[Mention]:
    """Return a mention and those before that are joined to it: A, B and C."""
    out, comma = [sentence.mentions[k]], False
    while _is_joined(sentence, k, comma):
        k, comma = k - 1, True
        out.insert(0, sentence.mentions[k])
    return out
