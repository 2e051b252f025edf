"""Sentences, language identification and Arabic forms."""

import pytest

from crossframe import arabic, orthography
from crossframe.ingest.duplicates import near_duplicates
from crossframe.text import UNCERTAIN, identify, match_form, sentences


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("ar", "هل وصلت الرسالة؟ نعم، وصلت أمس. وأضاف: “لن نتراجع”.",
         ["هل وصلت الرسالة؟", "نعم، وصلت أمس.", "وأضاف: “لن نتراجع”."]),
        ("ar", "قال د. أحمد إن الأمر واضح. ثم غادر.", ["قال د. أحمد إن الأمر واضح.", "ثم غادر."]),
        ("ar", "وصل الوفد؛ ثم بدأت المحادثات.", ["وصل الوفد؛", "ثم بدأت المحادثات."]),
        ("ru", "Он сказал: «Да». В 2024 г. всё изменилось.", ["Он сказал: «Да».", "В 2024 г. всё изменилось."]),
        ("ko", "그는 “좋다. 가자.”라고 말했다. 끝났다.", ["그는 “좋다. 가자.”라고 말했다.", "끝났다."]),
        ("zh", "他说：“很好。”然后离开了。真的吗？是的！", ["他说：“很好。”", "然后离开了。", "真的吗？", "是的！"]),
        ("ja", "彼は「そうだ。」と言った。そして去った。", ["彼は「そうだ。」と言った。", "そして去った。"]),
        ("en", "Mr. Smith went to the U.S. in June. He said: “No.” Then he left.",
         ["Mr. Smith went to the U.S. in June.", "He said: “No.”", "Then he left."]),
    ],
)  # fmt: skip
def test_sentences_end_where_a_reader_ends_them(language: str, text: str, expected: list[str]) -> None:
    assert sentences(text, language) == expected


@pytest.mark.parametrize("text", ["", "   ", "…", "؟؟"])
def test_a_text_without_words_has_no_sentences(text: str) -> None:
    assert sentences(text, "ar") == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("أكدت الوزارة أن العمل يسير وفق الجدول المعلن في جميع المناطق.", "ar"),
        ("وزارت خانه اعلام کرد که کار طبق برنامه پیش می‌رود و تا پایان سال تمام خواهد شد.", "fa"),
        ("Министерство сообщило, что работа идёт по графику во всех районах.", "ru"),
        ("Міністерство повідомило, що роботи тривають за графіком у всіх областях країни.", "uk"),
        ("국방부는 작업이 예정대로 진행되고 있다고 밝혔다.", "ko"),
        ("外交部表示，工作正在按计划进行。", "zh"),
        ("外務省は作業が予定どおり進んでいると発表した。", "ja"),
        ("The ministry said that work was going on as planned in all regions.", "en"),
        ("ترجمت الرواية التي كتبت قبل قرن تقريبا إلى السواحيلية لأول مرة.", "ar"),
        ("ok", UNCERTAIN),
    ],
)
def test_language_is_identified_or_left_open(text: str, language: str) -> None:
    assert identify(text) == language


def test_match_form_unites_what_arabic_spelling_varies() -> None:
    assert match_form("کوریا الشمالیّة") == match_form("كوريا الشماليّة") == "كوريا الشمالية"
    assert match_form("الأمــن") == match_form("الامن")
    assert match_form("اﻻتفاق") == "الاتفاق"


def test_terms_leave_out_stop_words_and_digits_and_show_real_words() -> None:
    pairs = arabic.terms("وقعت روسيا في 2024 معاهدة الشراكة مع كوريا")
    shown = [form for _key, form in pairs]
    assert "معاهدة الشراكة" in shown and "روسيا" in shown
    assert not any(c.isdigit() for form in shown for c in form)
    assert all(word in ["وقعت", "روسيا", "معاهدة", "الشراكة", "كوريا"] for form in shown for word in form.split())


def test_a_stop_word_ends_a_bigram() -> None:
    shown = [form for _key, form in arabic.terms("روسيا في كوريا")]
    assert shown == ["روسيا", "كوريا"]


def test_punctuation_and_digits_end_a_bigram() -> None:
    shown = [form for _key, form in arabic.terms("روسيا، كوريا 2024 الصين")]
    assert shown == ["روسيا", "كوريا", "الصين"]


def shown_without(names: list[str], text: str) -> list[str]:
    return [form for _key, form in arabic.terms_without(names)(text)]


@pytest.mark.parametrize(
    ("names", "text", "left"),
    [
        (["روسيا اليوم", "رويترز"], "قناة روسيا اليوم زارت روسيا", ["قناة", "زارت", "روسيا", "زارت روسيا"]),
        (["رويترز"], "صحيفة رويترز", ["صحيفة"]),  # no bigram holds a name
        (["رويترز"], "مراسل لرويترز", ["مراسل"]),
        (["تاس", "الكرملين"], "وتاس للكرملين وبالكرملين", []),
        (["موسكو 24", "نيوز1"], "موسكو 24، موسكو نيوز1", ["موسكو"]),  # a name with a number is not its first word
        (["ويون"], "الرئيس يون", ["الرئيس", "يون", "الرئيس يون"]),  # a stem may be that of another word
        (["خارجية كوريا الشمالية"], "كوريا الشمالية", ["كوريا", "الشمالية", "كوريا الشمالية"]),
        (["يونهاب", "يونهاب للأنباء"], "وكالة يونهاب للانباء", ["وكالة"]),  # the longest name, however it is spelt
        ([""], "روسيا", ["روسيا"]),
    ],
)
def test_whole_names_are_taken_out_and_their_common_words_stay(names: list[str], text: str, left: list[str]) -> None:
    assert shown_without(names, text) == left


def test_terms_without_names_are_the_terms() -> None:
    text = "وقعت روسيا في 2024 معاهدة الشراكة مع كوريا، والصين."
    assert arabic.terms_without([])(text) == arabic.terms(text)


def test_the_shown_form_is_the_most_frequent_one() -> None:
    assert arabic.shown_forms([("k", "الاتفاق"), ("k", "اتفاق"), ("k", "اتفاق")]) == {"k": "اتفاق"}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("کوريا الشمالية", "Persian letter in Arabic text"),
        ("الأمــن", "tatweel"),
        ("قال “نعم ثم غادر", "unbalanced “ ”"),
        ("وصل الوفد ، ثم غادر", "Latin punctuation or misplaced space in Arabic text"),
        ("وصل الوفد, ثم غادر", "Latin punctuation or misplaced space in Arabic text"),
    ],
)
def test_faults_of_arabic_orthography_are_found(text: str, what: str) -> None:
    assert what in [name for name, _piece in orthography.faults(text)]


def test_slips_name_the_word() -> None:
    assert ("hamza left out?", "الاوكرانية") in orthography.slips("القوات الاوكرانية تقدمت")
    assert ("ha for ta marbuta?", "المعاهده") in orthography.slips("وقع الطرفان المعاهده أمس")


def test_good_arabic_has_neither_faults_nor_slips() -> None:
    text = "أكدت موسكو أن المعاهدة “ليست موجهة” ضد أحد، وأن العلاقات مع بيونغ يانغ تتطور."
    assert orthography.faults(text) == [] and orthography.slips(text) == []


def test_near_duplicates_are_found_across_spelling() -> None:
    a = "أكدت الوزارة أن الاتفاق لا يستهدف أي دولة ثالثة في المنطقة"
    texts = {"1": a, "2": a.replace("أ", "ا"), "3": "هطلت الأمطار على الساحل طوال الليل وغمرت الشوارع"}
    found = near_duplicates(texts, 0.7)
    assert [(x, y) for x, y, _s in found] == [("1", "2")]
    assert found[0][2] == pytest.approx(1.0)
