"""Attribution: the source that a text relays, its confidence and the words that it rests on."""

from pathlib import Path

import pytest

from conftest import ROOT
from crossframe.errors import InputError
from crossframe.ingest.attribution import attribute, name_of
from crossframe.ingest.boilerplate import Kind, classify
from crossframe.ingest.gazetteer import Gazetteer, Source, load_gazetteer
from crossframe.ingest.records import TELL, Claim
from crossframe.ingest.words import is_generic, is_outlet_like
from crossframe.text import match_form

GAZETTEER = load_gazetteer()

SENTENCES = [
    ("The Guardian", "وفقاً لصحيفة الغارديان البريطانية، فإن القرية أعادت فتح المدرسة."),
    ("The Guardian", "وفق الغارديان، فإن القرية أعادت فتح المدرسة."),
    ("Reuters", "أفاد مسؤول محلي، بحسب ما نقلته وكالة رويترز، أن الجسر أغلق."),
    ("Reuters", "نقلت رويترز عن مصدر مطلع أن الجسر أغلق."),
    ("Reuters", "ونقلت عنه وكالة رويترز قوله إن الجسر أغلق."),
    ("The New York Times", "كتبت صحيفة نيويورك تايمز الأمريكية أن الجسر أغلق."),
    ("The New York Times", "في مقال لصحيفة «نيويورك تايمز»، يرى الكاتب أن الجسر أغلق."),
    ("The New York Times", "في مقال رأي نشرته صحيفة نيويورك تايمز، يرى الكاتب أن الجسر أغلق."),
    ("Foreign Affairs", "في مقال له بمجلة فورين أفيرز، يرى الكاتب أن الجسر أغلق."),
    ("Foreign Policy", "يرى الكاتب في مقاله بمجلة فورين بوليسي أن الجسر أغلق."),
    ("Haaretz", "قالت صحيفة هآرتس العبرية إن الجسر أغلق."),
    ("Bloomberg", "كشفت وكالة بلومبرغ للأنباء عن خطة لإغلاق الجسر."),
    ("Bloomberg", "كشف تقرير لوكالة بلومبرغ عن خطة لإغلاق الجسر."),
    ("CNN", "أظهر تحقيق أجرته شبكة سي إن إن أن الجسر أغلق."),
    ("CNN", "صرح المسؤول لشبكة سي إن إن بأن الجسر أغلق. وقالت الشبكة إن العمل متوقف. وأضافت الشبكة أن السبب مجهول."),
    ("The Washington Post", "صحيفة واشنطن بوست: الجسر أغلق منذ عامين."),
    ("Al Jazeera", "ذكرت الجزيرة أن الجسر أغلق."),
    ("TASS", "نقلاً عن تاس"),
    ("TASS", "نقلت وكالة تاس الروسية للأنباء عن المتحدث قوله إن الجسر أغلق."),
    ("TASS", "وبحسب وكالة أنباء تاس أغلق الجسر."),
    ("Korean Central News Agency", "ذكرت وكالة الأنباء المركزية الكورية، اليوم الأحد، أن الجسر افتتح."),
    ("Yonhap", "أفادت وكالة يونهاب للأنباء الكورية الجنوبية بأن الجسر افتتح."),
    ("Kyodo News", "قالت وكالة كيودو اليابانية للأنباء إن الجسر افتتح."),
    ("The Times", "في تقرير نشرته صحيفة التايمز البريطانية، قالت الكاتبة إن الجسر افتتح."),
    ("Financial Times", "ذكرت صحيفة فايننشال تايمز أن الجسر افتتح."),
    ("Der Spiegel", 'أوردت مجلة "دير شبيغل" الألمانية أن الجسر افتتح.'),
    ("Politico", "ورد في تقرير لموقع بوليتيكو أن الجسر افتتح."),
    ("Axios", "أفاد موقع أكسيوس الأميركي بأن الجسر افتتح."),
    ("Al-Akhbar", "ذكرت صحيفة الأخبار اللبنانية أن الجسر افتتح."),
    ("Asharq Al-Awsat", 'قالت صحيفة "الشرق الأوسط" إن الجسر افتتح.'),
    ("", "ذكرت الأخبار أن الجسر افتتح في الشرق الأوسط."),
    ("", "قال العالم إن الجسر افتتح، وفقا للعالم نفسه."),
    ("", "أعلن الكرملين أن الوفد وصل. وقال البيت الأبيض إنه يتابع."),
    ("Kremlin", "في مقال نشره الكرملين على موقعه، قال الرئيس إن الجسر افتتح."),
    ("", "تراجع سهم شركة تملك رويترز حصة فيها."),
    ("Rodong Sinmun", "نشرت صحيفة رودونغ سينمون الرسمية مقالا عن الجسر."),
    ("Rodong Sinmun", "قالت صحيفة «رودونج سنمون» إن الجسر افتتح."),
    ("النبأ المحلي", "ذكرت صحيفة “النبأ المحلي” أن الجسر افتتح."),
    ("The Guardian", "The bridge has closed, the Guardian reported on Friday."),
    ("The Guardian", "According to the British newspaper The Guardian, the bridge has closed."),
    ("The Guardian", "The bridge has closed, according to a report in the Guardian."),
    ("Reuters", "The bridge has closed, Reuters reports, citing two officials."),
    ("Associated Press", "The bridge has closed, officials told The Associated Press."),
    ("Yonhap", "South Korea's Yonhap news agency said the bridge has closed."),
    ("Korean Central News Agency", "North Korea's state news agency KCNA said the bridge opened."),
    (
        "Rodong Sinmun",
        "In an article for the North Korean newspaper Rodong Sinmun, the president said the bridge opened.",
    ),
    ("Rodong Sinmun", "In an op-ed published in Rodong Sinmun, the president praised the bridge."),
    ("Kyodo News", "Japan's Kyodo News, citing a source, wrote that the bridge opened."),
    ("Harbour Gazette", "The bridge has closed, the Harbour Gazette reported."),
    (
        "",
        "The White House said it was watching the bridge. The guardian of it said nothing, and time told nobody.",
    ),
    ("TASS", "The bridge opened, TASS quoted the mayor as saying."),
    ("The Economist", "Writing in The Economist, the mayor said the bridge opened."),
    ("Kommersant", "Как сообщает газета «Коммерсантъ», мост открыт."),
    ("Kommersant", "Мост открыт, пишет «Коммерсант»."),
    ("Reuters", "Мост открыт, сообщает агентство Reuters со ссылкой на мэра."),
    ("Yonhap", "По данным южнокорейского агентства Ренхап, мост открыт."),
    ("The Guardian", "Британская газета The Guardian сообщила, что мост открыт."),
    ("Korean Central News Agency", "Мост открыт, передаёт Центральное телеграфное агентство Кореи."),
    ("Yonhap", "연합뉴스는 다리가 열렸다고 보도했다."),
    ("Korean Central News Agency", "조선중앙통신은 3일 다리가 열렸다고 보도했다."),
    ("Rodong Sinmun", "푸틴 대통령은 노동신문에 실린 기고문에서 다리를 칭찬했다."),
    ("The New York Times", "뉴욕타임스(NYT)에 따르면 다리가 열렸다."),
    ("Yonhap", "据韩联社报道，大桥已经开通。"),
    ("Xinhua", "新华社平壤3日电 大桥已经开通。"),
    ("Reuters", "路透社援引官员的话说，大桥已经开通。"),
    ("Kyodo News", "共同通信によると、橋が開通した。"),
    ("Nikkei", "日本経済新聞は3日、橋が開通したと報じた。"),
    ("Le Monde", "Selon Le Monde, le pont est ouvert."),
    ("Anadolu Agency", "Anadolu Ajansı'nın haberine göre köprü açıldı."),
]


def found(text: str, title: str = "", source: str = "", source_line: str = "", via_line: str = "") -> list[Claim]:
    return attribute(title, text, GAZETTEER, source=source, source_line=source_line, via_line=via_line)


def told(claims: list[Claim]) -> str:
    return claims[0].source if claims and claims[0].confidence >= TELL else ""


@pytest.mark.parametrize(("source", "text"), SENTENCES)
def test_the_source_of_a_sentence_is_told_or_left_open(source: str, text: str) -> None:
    claims = found(text)
    assert told(claims) == source
    for claim in claims:
        assert 0 < claim.confidence <= 1
        assert text[claim.span.start : claim.span.end] == claim.span.text


def test_the_span_is_the_phrase_and_the_name() -> None:
    (claim,) = found("وأضاف المتحدث، وفقا لصحيفة “الغارديان” البريطانية، أن الجسر أغلق.")
    assert claim.span.text == "وفقا لصحيفة “الغارديان”"
    assert claim.outlet_id == "the-guardian" and claim.kind == "accord"


def test_a_name_beside_no_phrase_attributes_nothing() -> None:
    assert found("وكان مراسل قناة الجزيرة وزميل له من رويترز بين الزبائن.") == []
    assert found("A van with the word Reuters on it stood by the bridge.") == []


def test_an_outlet_does_not_relay_itself() -> None:
    text = "Officials told Reuters that the bridge has closed, Reuters reported."
    assert found(text, source="Reuters") == []
    assert told(found(text)) == "Reuters"


def test_a_phrase_in_the_lead_counts_more_than_one_far_below() -> None:
    filler = "وقال مهندس في البلدة إن العمل يسير كما ينبغي وإن الطريق مفتوح. " * 40
    top, deep = found("بحسب رويترز أغلق الجسر. " + filler)[0], found(filler + "بحسب رويترز أغلق الجسر.")[0]
    assert top.confidence > deep.confidence and deep.span.start > 1000


def test_further_phrases_and_back_references_make_it_surer() -> None:
    once = found("ذكرت صحيفة الغارديان أن الجسر أغلق.")[0].confidence
    twice = found("ذكرت صحيفة الغارديان أن الجسر أغلق. ولفتت الغارديان إلى أن السبب مجهول.")[0].confidence
    back = found("ذكرت صحيفة الغارديان أن الجسر أغلق. وأضافت الصحيفة أن السبب مجهول.")[0].confidence
    assert once < twice <= 0.97 and once < back <= 0.97


def test_two_sources_in_two_places_make_each_less_sure() -> None:
    alone = found("بحسب رويترز أغلق الجسر.")[0].confidence
    far = "وقال مهندس في البلدة إن العمل يسير كما ينبغي وإن الطريق مفتوح. " * 4
    first, second = found("بحسب رويترز أغلق الجسر. " + far + "وبحسب فرانس برس لم يغلق الجسر.")
    assert {first.source, second.source} == {"Reuters", "Agence France-Presse"}
    assert second.confidence <= first.confidence < alone


def test_an_article_in_one_place_published_by_another_names_both() -> None:
    claims = found("وفي مقال لصحيفة “رودونغ سينمون”، والذي نشره الكرملين على الإنترنت، أشاد الرئيس بالجسر.")
    assert [c.source for c in claims] == ["Rodong Sinmun", "Kremlin"]
    assert all(c.confidence >= TELL for c in claims) and claims[0].confidence > 0.85


def test_what_officials_say_is_not_taken_for_their_text() -> None:
    assert told(found("قالت وزارة الخارجية الروسية إن الوفد وصل.")) == ""
    assert told(found("The Kremlin said the delegation had arrived.")) == ""


def test_a_headline_that_begins_with_a_name_attributes() -> None:
    (claim,) = found("وصل الوفد إلى المدينة.", title="الغارديان: الوفد يصل إلى المدينة")
    assert claim.source == "The Guardian" and claim.span.field == "title" and claim.span.text == "الغارديان"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("ANKARA (Reuters) - A cat cafe has won a prize.", "Reuters"),
        ("لندن – رويترز: عادت الطاحونة إلى الدوران.", "Reuters"),
        ("صنعاء (سبأ نت) - افتتح الجسر.", "Saba News Agency"),
        ("عادت الطاحونة إلى الدوران.\n\nوقال الحرفي إنه سعيد. (أ ف ب)", "Agence France-Presse"),
    ],
)
def test_datelines_and_credits_attribute(text: str, source: str) -> None:
    assert told(found(text)) == source


def test_a_source_line_is_the_outlet_or_whom_it_relays() -> None:
    (own,) = found("عادت الطاحونة.", source="Reuters", source_line="رويترز")
    assert (own.source, own.kind, own.span.field) == ("Reuters", "source line", "line")
    (relayed,) = found("عادت الطاحونة.", source="Al-Jadeed Press", source_line="رويترز")
    assert (relayed.source, relayed.kind) == ("Reuters", "via line") and relayed.confidence == 0.9
    (via,) = found("عادت الطاحونة.", via_line="صحيفة الأهرام")
    assert via.source == "Al-Ahram"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("الجديد برس", "Al-Jadeed Press"),
        ("موقع الجديد برس", "Al-Jadeed Press"),
        ("سبأ نت + وكالات", "Saba News Agency"),
        ("وكالات", ""),
        ("وكالات ومواقع", ""),
        ("agencies", ""),
        ("The Guardian, Reuters", "The Guardian"),
        ("بوابة النيل المحلية", "بوابة النيل المحلية"),
        ("https://www.harbour.example/news/1", "harbour.example"),
        ("연합뉴스", "Yonhap"),
        ("РИА Новости", "RIA Novosti"),
        ("", ""),
    ],
)
def test_source_lines_are_named_by_the_gazetteer_or_as_written(line: str, name: str) -> None:
    assert name_of(line, GAZETTEER) == name


def test_the_packaged_gazetteer_is_sound() -> None:
    import csv

    with (ROOT / "src/crossframe/ingest/data/gazetteer.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert len(rows) >= 150
    assert [r["outlet_id"] for r in rows] == sorted({r["outlet_id"] for r in rows})
    kinds = {"agency", "newspaper", "magazine", "broadcaster", "online", "official"}
    assert {r["kind"] for r in rows} == kinds
    owners: dict[str, str] = {}
    for r in rows:
        assert r["name_en"] and any("\u0600" <= c <= "\u06ff" for c in r["name_ar"])
        for name in {match_form(n.lstrip("?")) for n in [r["name_en"], r["name_ar"], *r["aliases"].split(";")] if n}:
            assert owners.setdefault(name, r["outlet_id"]) == r["outlet_id"], name


def test_names_are_found_behind_clitics_with_endings_and_in_their_case() -> None:
    def names(text: str) -> list[tuple[str, str]]:
        return [(m.source.outlet_id, text[m.start : m.end]) for m in GAZETTEER.mentions(text)]

    assert names("وبرويترز ولرويترز") == [("reuters", "رويترز"), ("reuters", "رويترز")]
    assert names("للجارديان") == [("the-guardian", "للجارديان")]
    assert names("в «Коммерсанте» и Интерфаксом") == [("kommersant", "Коммерсанте"), ("interfax", "Интерфаксом")]
    assert names("조선중앙통신은") == [("kcna", "조선중앙통신")]
    assert names("the ap of the rt") == [] and names("AP, RT") == [("ap", "AP"), ("rt", "RT")]
    assert names("نيويورك تايمز والتايمز") == [("new-york-times", "نيويورك تايمز"), ("the-times", "التايمز")]


def test_a_quoted_name_that_is_spelt_nearly_so_is_the_one_it_resembles() -> None:
    assert GAZETTEER.close("رودونج سنمون") is not None
    assert GAZETTEER.close("النبأ المحلي") is None


def test_outlets_of_a_study_add_to_the_gazetteer_and_name_themselves(tmp_path: Path) -> None:
    table = tmp_path / "outlets.csv"
    table.write_text(
        "outlet_id,name_en,name_ar,aliases,country,bloc,ownership,language\n"
        "my-guardian,The Guardian,الغارديان,صحيفة الحارس,GB,uk,private,en\n"
        "hill-voice,Hill Voice,صوت التل,,XX,x,private,ar\n"
        "unnamed-press,Unnamed press,صحيفة غير مسماة,,XX,x,unknown,ar\n",
        encoding="utf-8",
    )
    gazetteer = load_gazetteer([table])
    for name in ("الجارديان", "صحيفة الحارس", "The Guardian"):
        source = gazetteer.exact(name)
        assert source is not None and source.outlet_id == "my-guardian"
    assert gazetteer.mentions("ذكر صوت التل أن")[0].source.outlet_id == "hill-voice"
    assert gazetteer.exact("صحيفة غير مسماة") is None
    (tmp_path / "bad.csv").write_text("id,name\n1,x\n")
    with pytest.raises(InputError, match=r"column\(s\) outlet_id, name_en, name_ar, aliases are missing"):
        load_gazetteer([tmp_path / "bad.csv"])


def test_the_outlets_of_the_shipped_study_are_read() -> None:
    gazetteer = load_gazetteer([ROOT / "data/raw/outlets.csv"])
    source = gazetteer.exact("صحيفة رودونغ")
    assert source == Source("rodong-sinmun", "Rodong Sinmun", "newspaper", "KP")


def test_a_shared_name_belongs_to_the_first() -> None:
    one, two = Source("a", "A Paper", "newspaper", ""), Source("b", "B Paper", "newspaper", "")
    assert Gazetteer([(one, ["البيرق الجديد"]), (two, ["البيرق الجديد"])]).exact("البيرق الجديد") == one


@pytest.mark.parametrize(
    ("line", "kind", "value"),
    [
        ("المصدر: رويترز", Kind.SOURCE, "رويترز"),
        ("(المصدر : رويترز)", Kind.SOURCE, "رويترز"),
        ("Source – Reuters", Kind.SOURCE, "Reuters"),
        ("المصدر الأول للمياه في القرية هو النبع", Kind.TEXT, ""),
        ("نقلاً عن صحيفة الأهرام", Kind.VIA, "صحيفة الأهرام"),
        ("كلمات دلالية: جسر نهر", Kind.KEYWORDS, "جسر نهر"),
        ("#جسر #نهر", Kind.KEYWORDS, "#جسر #نهر"),
        ("إقرأ أيضاً:", Kind.RELATED, ""),
        ("اقرأ أيضًا | الجسر يفتح غدا", Kind.RELATED, "الجسر يفتح غدا"),
        ("Related posts", Kind.RELATED, ""),
        ("Читайте также:", Kind.RELATED, ""),
        ("[관련기사]", Kind.RELATED, ""),
        ("الأكثر قراءة", Kind.ELSEWHERE, ""),
        ("نشر في: 14 مايو 2023", Kind.DATE, "2023-05-14"),
        ("Posted on June 4, 2021 by admin", Kind.DATE, "2021-06-04"),
        ("By Jane Example", Kind.BYLINE, ""),
        ("شارك على فيسبوك تويتر واتساب", Kind.NOISE, ""),
        ("Share this article", Kind.NOISE, ""),
        ("Photo: the bridge at dusk", Kind.NOISE, ""),
        ("(الجسر مساء – أرشيفية)", Kind.NOISE, ""),
        ("نستخدم ملفات تعريف الارتباط لتحسين الموقع", Kind.NOISE, ""),
        ("Мы используем файлы cookie", Kind.NOISE, ""),
        ("무단전재 및 재배포 금지", Kind.NOISE, ""),
        ("Home > World > Bridges", Kind.NOISE, ""),
        ("* * *", Kind.SEPARATOR, ""),
        ("٭٭٭", Kind.SEPARATOR, ""),
        ("———", Kind.SEPARATOR, ""),
        ("   ", Kind.BLANK, ""),
        ("شارك الوفد في المؤتمر الدولي للجسور", Kind.TEXT, ""),
        ("The company shares its bridge with the village.", Kind.TEXT, ""),
        ("By the river stands a bridge that nobody crosses.", Kind.TEXT, ""),
        ("صورة المدينة تغيرت كثيرا منذ افتتاح الجسر", Kind.TEXT, ""),
        (
            "The cookies that the baker sells by the bridge are made with butter from the valley and are sold by noon.",
            Kind.TEXT,
            "",
        ),
    ],
)
def test_lines_are_told_apart(line: str, kind: Kind, value: str) -> None:
    found = classify(line)
    assert (found.kind, found.value) == (kind, value)


def test_outlet_like_and_generic_names() -> None:
    assert is_outlet_like("عرب برس") and is_outlet_like("Harbour Gazette") and is_outlet_like("별빛신문")
    assert not is_outlet_like("جسر النهر")
    assert is_generic("وكالات + مواقع") and is_generic("متابعات خاصة") and not is_generic("رويترز")
