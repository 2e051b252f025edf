"""Voice: quotation marks, speakers and blame, on hand-made sentences and on a page as readers get it."""

from itertools import pairwise

import pytest

from conftest import ROOT
from crossframe.config import load_config
from crossframe.errors import InputError
from crossframe.voice import (
    Attribution,
    Gazetteer,
    attributions,
    blame,
    count_words,
    load_gazetteer,
    quoted,
    quoted_words,
)
from crossframe.voice.conjugation import verb_forms

CONFIG = load_config(ROOT)
PAGE = ROOT.parent / "shared" / "seed" / "aggregator-page.txt"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer(CONFIG.raw / "actors.csv", [b.id for b in CONFIG.blocs])


def voices(text: str, language: str) -> list[tuple[str, str]]:
    return [(s.voice, s.of(text)) for s in quoted(text, language)]


def quotations(text: str, language: str) -> list[str]:
    return [words for voice, words in voices(text, language) if voice == "quote"]


def said(text: str, language: str, gazetteer: Gazetteer) -> list[tuple[str | None, str]]:
    return [(a.speaker, a.verb_class) for a in attributions(text, language, gazetteer)]


def blamed(text: str, language: str, gazetteer: Gazetteer) -> list[tuple[str | None, str | None]]:
    return [(b.agent, b.target) for b in blame(text, language, gazetteer)]


# --- quotation marks


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("ar", "قال إن العقوبات “غير مشروعة” وإن بلاده سترد.", ["“غير مشروعة”"]),
        ("ar", "قال إن العقوبات «غير مشروعة».", ["«غير مشروعة»"]),
        ("ar", 'قال إن العقوبات "غير مشروعة".', ['"غير مشروعة"']),
        ("ar", "قال إن العقوبات ”غير مشروعة“ اليوم.", ["”غير مشروعة“"]),
        ("ar", "الولايات المتحدة و“توابعها” ترفض.", ["“توابعها”"]),
        ("ar", 'الولايات المتحدة و"توابعها" ترفض.', ['"توابعها"']),
        ("ru", "Он сказал: «Это „важно“ для нас».", ["«Это „важно“ для нас»"]),
        ("uk", "Він сказав: „Так“. Зв’язок є.", ["„Так“"]),
        ("en", "“He said ‘no’ to me,” she said. “Twice.”", ["“He said ‘no’ to me,”", "“Twice.”"]),
        ("en", "The leader’s view: it’s the allies’ war, don’t ask.", []),
        ("en", "It is ‘the allies’ war’, he said.", ["‘the allies’ war’"]),
        ("en", "He called it 'a grave mistake' and the '90s weren't.", ["'a grave mistake'"]),
        ("ko", "그는 ‘좋다’고 했고 “가자”라고 말했다.", ["‘좋다’", "“가자”"]),
        ("zh", "他说：“很好。”然后离开。", ["“很好。”"]),
        ("zh", "他稱之為「特別『軍事』行動」。", ["「特別『軍事』行動」"]),
        ("ja", "氏は「そうだ」と述べた。", ["「そうだ」"]),
        ("fa", "او گفت «این پیمان دفاعی است».", ["«این پیمان دفاعی است»"]),
    ],
)
def test_quotations_are_found_with_the_marks_of_each_language(language: str, text: str, expected: list[str]) -> None:
    assert quotations(text, language) == expected


@pytest.mark.parametrize(
    "text",
    [
        "قال إن الأمر “واضح ثم غادر.",
        "قال إن الأمر واضح” ثم غادر.",
        "قال إن الأمر «واضح ثم غادر.\nوعاد في اليوم التالي».",
    ],
)
def test_a_mark_without_its_partner_is_no_quotation(text: str) -> None:
    assert quotations(text, "ar") == []


def test_a_lost_mark_does_not_hide_a_whole_quotation_after_it() -> None:
    assert quotations("قال إن “الأمر واضح وإن «الرد قادم» لا محالة.", "ar") == ["«الرد قادم»"]


def test_a_quotation_that_runs_on_opens_every_paragraph_and_closes_once() -> None:
    text = "“First paragraph.\n“Second paragraph.”\nThen the narrator."
    assert quotations(text, "en") == ["“First paragraph.", "“Second paragraph.”"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "نشرت صحيفة “رودونغ سينمون” مقالا عنوانه “تقاليد الصداقة”."),
        ("ar", "هبط في قاعدة «فوستوتشني» أمس."),
        ("ru", "Газета «Нодон синмун» вышла вчера."),
        ("uk", "Про це пише газета «Україна»."),
        ("en", "The newspaper “Rodong Sinmun” carried it."),
        ("zh", "《劳动新闻》刊登了文章。"),
        ("ko", "북한 신문 “로동신문”은 보도하지 않았다."),
        ("fa", "روزنامه «رودونگ سینمون» آن را منتشر کرد."),
    ],
)
def test_a_title_in_marks_is_a_name_and_no_quotation(language: str, text: str) -> None:
    assert quotations(text, language) == []
    assert "name" in [voice for voice, _words in voices(text, language)]


@pytest.mark.parametrize("text", ["", "بلا علامات.", "“كله مقتبس”", "قال: “نعم” ثم «لا»، وغادر", "’‘’“”"])
def test_spans_cover_the_text_without_gap_or_overlap(text: str) -> None:
    spans = quoted(text, "ar")
    assert "".join(s.of(text) for s in spans) == text
    assert all(a.end == b.start for a, b in pairwise(spans))


def test_words_in_quotations_are_counted_and_titles_are_not() -> None:
    assert quoted_words("قال بوتين إن صحيفة “رودونغ سينمون” نشرت “مقالا مهما جدا” له.", "ar") == (3, 11)
    assert quoted_words("他说：“很好。”", "zh") == (2, 4)  # letters, for there are no spaces between words
    assert count_words("B-52 و 3 طائرات", "ar") == 4


def test_a_language_without_a_lexicon_is_refused_with_those_that_have_one() -> None:
    with pytest.raises(InputError, match=r"'sw'.*ar, en, fa, ja, ko, ru, uk, zh"):
        quoted("Habari", "sw")


# --- Arabic speakers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the subject follows its verb
        ("وقال بوتين إن المعاهدة دفاعية.", [("putin", "say")]),
        ("قال المتحدث باسم الكرملين ديمتري بيسكوف إن اللقاء ممكن.", [("peskov", "say")]),
        ("وأعربت وزارة الخارجية الروسية عن قلقها.", [("russian-mfa", "say")]),
        ("قال نائب وزير الخارجية الروسي أندريه رودينكو إن الأمر واضح.", [("rudenko", "say")]),
        ("وأعلن السفير الروسي لدى كوريا الشمالية، ألكسندر ماتسيغورا، أن الزيارة قريبة.", [("matsegora", "say")]),
        ("أعرب منسق الاتصالات في مجلس الأمن القومي جون كيربي عن مخاوف.", [("kirby", "say")]),
        ("وترى واشنطن وسيول أن الصفقة خطيرة.", [("usa", "think"), ("rok", "think")]),
        ("وأثنى كل من غيراسيموف وزاخاروفا على الجنود.", [("gerasimov", "praise"), ("zakharova", "praise")]),
        ("شَدَّدَ الرئیس الروسی علی أن بلاده ماضية.", [("putin", "say")]),  # diacritics, Persian letters
        ("أكد كيم جونغ اون دعمه لروسيا.", [("kim-jong-un", "say")]),
        ("ونفت بيونغيانغ بيع السلاح.", [("dprk", "deny")]),
        ("تشير تقديرات كوريا الجنوبية إلى أن عددهم كبير.", [("rok", "say")]),
        # it stands before it
        ("غير أن كييف تنفي ذلك.", [("ukraine", "deny")]),
        ("أما بوتين فقال إن الأمر محسوم.", [("putin", "say")]),
        ("جاء ذلك في كلمة كيربي، الذي قال إن الأمر مقلق.", [("kirby", "say")]),
        ("وكان الرئيس الروسي قد ذكر أن المعاهدة أساس للعلاقات.", [("putin", "say")]),
        # or is left out
        ("قال بوتين إن الأمر واضح. وأضاف أن الرد قادم.", [("putin", "say"), ("putin", "say")]),
        ("التقى كيم شويغو، وأكد له دعمه.", [("kim-jong-un", "say")]),
        ("وحذر بوتين سيول من التسليح، قائلا إن ذلك خطأ.", [("putin", "warn"), ("putin", "say")]),
        ("أكدت ماريا زاخاروفا أن الاتفاق دفاعي. وأضافت أنه لا يستهدف أحدا.", [("zakharova", "say")] * 2),
        ("أكد بوتين أن واشنطن ترى في الاستقلال تهديدا، مشيرا إلى أن الضغوط كبيرة.",
         [("putin", "say"), ("usa", "think"), ("putin", "say")]),
        ("ذكرت وكالة تاس أن الزيارة قريبة. وأضافت الوكالة أن الوفد وصل.", [("tass", "say"), ("tass", "say")]),
        # according to, relayed
        ("وبحسب زاخاروفا، فإن الاتفاق دفاعي.", [("zakharova", "say")]),
        ("هذا، وفقا لوكالة رويترز، هو الموقف.", [("reuters", "say")]),
        ("التقى الوفدان، بحسب ما ذكرته وكالة إنترفاكس.", [("interfax", "say")]),
        ("جاء التأكيد على لسان فاليري غيراسيموف أمس.", [("gerasimov", "say")]),
        ("وصل الوفد، وفق ما نقلته وكالة تاس.", [("tass", "relay")]),
        ("زاخاروفا: الاتفاقية ليست موجهة ضد أحد", [("zakharova", "say")]),
        # other classes
        ("وزعمت موسكو أن المعاهدة سلمية.", [("russia", "claim")]),
        ("وطالب كيم هونغ كيون، متحدثا باسم سيول، روسيا بأن تتوقف.", [("kim-hong-kyun", "demand")]),
        ("وجه بوتين الشكر إلى الجنود.", [("putin", "praise")]),
        ("وتعهدت سيول بأن ترد.", [("rok", "pledge")]),
        ("ولم يستبعد الرئيس الروسي التعاون العسكري.", [("putin", "say")]),
        # a speaker that the gazetteer does not hold keeps his name
        ("وقال بانديت إن التخطيط سيتعقد.", [("بانديت", "say")]),
        ("وقال نواب إن عددهم كبير.", [("نواب", "say")]),
    ],
)  # fmt: skip
def test_arabic_speakers_are_found(text: str, expected: list[tuple[str, str]], gazetteer: Gazetteer) -> None:
    assert said(text, "ar", gazetteer) == expected


@pytest.mark.parametrize(
    "text",
    [
        "يذكر أن الاتفاق وقع في بيونغ يانغ.",  # a passive: it is mentioned that
        "ويعتقد أن الوفد بحث الأمر في موسكو.",
        "علقت روسيا حركة القطارات.",  # suspended, not commented
        "تابع بوتين العرض العسكري من المنصة.",  # watched, not went on
        "نقلت روسيا جنودا عبر البحر.",  # transported
        "هدد الصاروخ أمن المنطقة.",
        "أقرت كوريا الشمالية اتفاقا مع روسيا.",  # approved
        "ورفض بوتين الدعوة.",  # an act, no speech
        "لم يؤكد بوتين ذلك ولم يعلق على الأمر.",
        "قبل أن يؤكد بوتين ذلك.",
        "وعبر الجنود نهر تومانغانغ مع روسيا.",
        "حمل بوتين حقيبة حمراء.",
        "قالت مصر كلمتها.",  # nobody of the gazetteer
    ],
)
def test_an_arabic_verb_in_another_sense_reports_nothing(text: str, gazetteer: Gazetteer) -> None:
    found = [a for a in attributions(text, "ar", gazetteer) if a.actor_id]
    assert found == []


def test_what_stands_in_a_quotation_is_not_the_narrators_report(gazetteer: Gazetteer) -> None:
    text = "قال بوتين: “أكد كيم أن الأمر واضح”."
    assert said(text, "ar", gazetteer) == [("putin", "say")]


def test_a_title_in_marks_is_not_attributed_as_speech(gazetteer: Gazetteer) -> None:
    found = attributions("قال بوتين في صحيفة “رودونغ سينمون” إن المعاهدة دفاعية.", "ar", gazetteer)
    assert [(a.actor_id, a.quoted) for a in found] == [("putin", False)]


def test_an_attribution_tells_its_content_its_evidence_and_who_relays_it(gazetteer: Gazetteer) -> None:
    text = "وصل الوفد. ونقلت تاس عن لافروف قوله إن العلاقات “لا تقهر”."
    (found,) = attributions(text, "ar", gazetteer)
    assert (found.actor_id, found.via, found.verb, found.quoted, found.inferred) == (
        "lavrov", "tass", "نقلت", True, False,
    )  # fmt: skip
    assert text[slice(*found.content)] == "“لا تقهر”"
    assert text[slice(*found.evidence)] == "ونقلت تاس عن لافروف قوله إن العلاقات “لا تقهر”."


def test_the_content_of_a_report_without_marks_is_its_clause(gazetteer: Gazetteer) -> None:
    text = "وأكد بوتين أن المعاهدة دفاعية."
    (found,) = attributions(text, "ar", gazetteer)
    assert text[slice(*found.content)] == "أن المعاهدة دفاعية"


def inferred(found: list[Attribution]) -> list[tuple[str | None, bool]]:
    return [(a.actor_id, a.inferred) for a in found]


def test_a_verb_without_a_subject_goes_to_the_last_speaker_and_says_so(gazetteer: Gazetteer) -> None:
    text = "قال بوتين إن الأمر واضح. ووصل الوفد إلى المدينة. وأضاف أن الرد قادم."
    assert inferred(attributions(text, "ar", gazetteer))[-1] == ("putin", True)


def test_gender_keeps_a_verb_from_the_wrong_last_speaker(gazetteer: Gazetteer) -> None:
    text = "قالت زاخاروفا إن الأمر واضح. وأضاف أن الرد قادم."
    assert inferred(attributions(text, "ar", gazetteer)) == [("zakharova", False)]


def test_without_an_earlier_speaker_nobody_is_taken(gazetteer: Gazetteer) -> None:
    assert attributions("وأضاف أن الرد قادم.", "ar", gazetteer) == []


def test_arabic_verbs_are_conjugated() -> None:
    forms = verb_forms()
    assert {"قال", "قالت", "قالوا", "يقول", "تقول", "يقولون", "قائلا", "قائلة"} <= set(forms)
    assert {"اكد", "اكدت", "مؤكدا", "تؤكد"} <= set(forms)  # alef in its match form
    assert any(f.with_object and f.verb.lemma == "ذكر" for f in forms["ذكرته"])


# --- Arabic blame


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("واتهم بوتين الدول الغربية بأنها تخل بالتزاماتها.", [("putin", "west")]),
        ("تتهم دول غربية موسكو بالتستر على مشترياتها.", [("west", "russia")]),
        ("وتتهم أوكرانيا والغرب بيونغ يانغ بتوريد الأسلحة.", [("ukraine", "dprk"), ("west", "dprk")]),
        ("قالت زاخاروفا إن الأمر خطير. واتهمت واشنطن بأنها تزيد الخطر.", [("zakharova", "usa")]),
        ("وحمل ميدفيديف سيول مسؤولية تردي العلاقات.", [("medvedev", "rok")]),
        ("وتلقي الغارديان باللوم على دونالد ترامب.", [("the-guardian", "trump")]),
        ("حذر بوتين كوريا الجنوبية من تسليح أوكرانيا.", [("putin", "rok")]),
        ("حذر ليم سو سوك، المتحدث باسم سيول، روسيا من الخطأ.", [("lim-soo-suk", "russia")]),
        ("وجه بوتين تحذيرا شديد اللهجة إلى سيول.", [("putin", "rok")]),
        ("أدانت واشنطن تعميق التعاون بين كوريا الشمالية وروسيا.", [("usa", "dprk"), ("usa", "russia")]),
        ("أدانت موسكو مبادرة أطلقتها اليابان ضد كوريا الديمقراطية.", [("russia", "japan")]),
        ("وتواجه موسكو اتهامات بالالتفاف على العقوبات.", [(None, "russia")]),
        ("في ظل اتهامات غربية لروسيا باستيراد السلاح.", [("west", "russia")]),
        ("قوبل نهج روسيا بإدانة من اليابان.", [("japan", "russia")]),
        ("استخدمت روسيا النقض في خطوة أثارت انتقاد سيول.", [("rok", "russia")]),
        ("واتهمهم ترامب بالتآمر.", [("trump", None)]),
        ("وقال بوتين إن الاقتصاد قوي.", []),
        ("وحذر بوتين من العواقب.", []),
    ],
)
def test_arabic_blame_has_an_agent_and_a_target(
    text: str, expected: list[tuple[str | None, str | None]], gazetteer: Gazetteer
) -> None:
    assert blamed(text, "ar", gazetteer) == expected
