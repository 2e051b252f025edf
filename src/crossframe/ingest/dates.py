"""Dates: of table cells, which must be right, and in lines of pages, which may be missing."""

import datetime
import re

from crossframe.text import match_form

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_TABLE = re.compile(
    r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?)?)?)?"
    r"|(\d{4})(\d{2})(\d{2})(?:T?\d{6}Z?)?"
)
_MONTH_NAMES = (
    "يناير جانفي كانون_الثاني january jan январ янв січн janvier januar enero",
    "فبراير فيفري شباط february feb феврал фев лют février februar febrero",
    "مارس اذار march mar март мар берез mars märz marzo",
    "ابريل افريل نيسان april apr апрел апр квіт avril abril",
    "مايو ماي ايار may мая май трав mai mayo",
    "يونيو جوان حزيران june jun июн черв juin juni junio",
    "يوليو يوليوز جويلية تموز july jul июл лип juillet juli julio",
    "اغسطس اوت غشت اب august aug август авг серп août agosto",
    "سبتمبر شتنبر ايلول september sep sept сентябр сен верес septembre septiembre",
    "اكتوبر تشرين_الاول october oct октябр окт жовт octobre oktober octubre",
    "نوفمبر نونبر تشرين_الثاني november nov ноябр ноя листоп novembre noviembre",
    "ديسمبر دجنبر كانون_الاول december dec декабр дек груд décembre dezember diciembre",
)
_MONTHS = {match_form(name).replace("_", " "): i + 1 for i, line in enumerate(_MONTH_NAMES) for name in line.split()}
_WORD = "|".join(sorted((re.escape(m) for m in _MONTHS), key=len, reverse=True))
_CJK = re.compile(r"(\d{4})\s?[년年.]\s?(\d{1,2})\s?[월月.]\s?(\d{1,2})\s?[일日.]?")
_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|\.)?[\s/-]*(?:of\s|de\s|من\s|شهر\s)?({_WORD})[^\W\d_]*\.?"
    rf"(?:\s?[/(–—-]\s?(?:{_WORD})\s?\)?)?[\s/-]*[,،]?\s*(?:من عام\s|عام\s|لعام\s|سنة\s)?(\d{{4}})(?!\d)"
)
_MONTH_FIRST = re.compile(rf"(?<![^\W\d_])({_WORD})[^\W\d_]*\.?\s*(\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s*(\d{{4}})(?!\d)")
_NO_YEAR = re.compile(rf"(?<!\d)\d{{1,2}}[\s/-]*(?:{_WORD})(?![^\W\d_])")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})([/.-])(\d{1,2})[/.-](\d{4})(?!\d)")
_HIJRI = re.compile(
    r"(?<!\d)\d{1,2}[\s/–-]*(?:من\s)?(?:محرم|المحرم|صفر|ربيع (?:الاول|الاخر|الثاني)|"
    r"جمادي (?:الاولي|الاخرة|الثانية|الاول|الاخر)|رجب|شعبان|رمضان|"
    r"شوال|ذو القعدة|ذي القعدة|ذو الحجة|ذي الحجة)[\s،,/–-]*\d{4}\s?(?:ه(?:جرية|جري)?(?!\w))?"
    r"|(?<!\d)\d{1,2}[/-]\d{1,2}[/-]1[34]\d\d\s?(?:ه(?!\w))?|(?<!\d)1[34]\d\d[/-]\d{1,2}[/-]\d{1,2}\s?(?:ه(?!\w))?"
)
_TIME = re.compile(
    r"\d{1,2}[:.٫]\d{2}(?:[:.]\d{2})?|\b[ap]\.?m\b\.?|(?<!\w)[صم](?!\w)|(?<!\w)(?:مساء|صباحا|ظهرا|الساعة|بتوقيت|غرينتش|غرينيتش|"
    r"جرينتش|مكة|القاهرة|gmt|utc|bst|est|edt|cet|cest|msk|мск|kst|jst|오전|오후|at|в|on|upd)(?!\w)|[+-]\d{2}:?\d{2}"
)
_WEEKDAY = re.compile(
    r"(?<!\w)(?:(?:يوم )?(?:السبت|الاحد|الاثنين|الثلاثاء|الاربعاء|الخميس|الجمعة)|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|[월화수목금토일]요일|星期.|周.|.曜日)(?!\w)"
)
_RELATIVE = re.compile(
    r"(?:منذ|قبل) (?:\d+ )?(?:ساعة|ساعات|ساعتين|دقيقة|دقائق|دقيقتين|يوم|يومين|ايام|اسبوع|اسبوعين|شهر|اشهر|شهرين)"
    r"(?: و\w+)?|^(?:\d+ )?(?:ساعة|ساعات|ساعتين|دقيقة|دقائق|يومين|ايام|اسبوعين|اسابيع)$|"
    r"\d+ ?(?:hours?|hrs?|h|minutes?|mins?|days?|weeks?|months?) ago|yesterday|today|just now|"
    r"اليوم|امس|"
    r"\d+ (?:час\w*|минут\w*|дн\w+|день) назад|вчера|сегодня|\d+\s?(?:시간|분|일) 전"
)
_YEARS = (1900, 2100)  # outside these it is another calendar or another number


def table_date(value: str) -> str:
    """Return the ISO date of a table's cell (YYYY, YYYY-MM or YYYY-MM-DD; a time of day is dropped).

    ISO dates, ISO date-times and GDELT's `20240618T120000Z` are read. Day and month in figures in another order are
    not: 03/04/2024 is two days, and guessing would be silent.

    Raises
    ------
    ValueError
        If the cell holds anything else, or a day that does not exist.
    """
    found = _TABLE.fullmatch(value.strip().translate(_DIGITS))
    if found is None:
        raise ValueError("is not a date; write YYYY-MM-DD, or YYYY-MM or YYYY where no more is known")
    year, month, day = (found[i] or found[i + 3] for i in (1, 2, 3))
    datetime.date(int(year), int(month or 1), int(day or 1))  # refuses 2024-02-31
    return "-".join([year] + [f"{int(part):02d}" for part in (month, day) if part])


def find_date(line: str) -> tuple[str, str]:
    """Return the ISO date in a line of a page and the line without it, its time and its weekday.

    The date is empty where there is none or where day and month cannot be told apart (03/04/2024).
    """
    text = _HIJRI.sub(" ", match_form(line).translate(_DIGITS))
    date = ""
    for pattern, order in ((_CJK, "ymd"), (_ISO, "ymd"), (_DAY_FIRST, "dmy"), (_MONTH_FIRST, "mdy"), (_NUMERIC, "")):
        found = pattern.search(text)
        if found:
            date = _numeric(found) if not order else _iso(dict(zip(order, found.groups(), strict=True)))
            text = text[: found.start()] + " " + text[found.end() :]
            break
    if not date:
        text = _NO_YEAR.sub(" ", text)
    rest = _RELATIVE.sub(" ", _WEEKDAY.sub(" ", _TIME.sub(" ", text)))
    return date, " ".join(rest.split())


def _iso(parts: dict[str, str]) -> str:
    month = _MONTHS.get(parts["m"]) or (int(parts["m"]) if parts["m"].isdigit() else 0)
    try:
        date = datetime.date(int(parts["y"]), month, int(parts["d"]))
    except ValueError:
        return ""
    return date.isoformat() if _YEARS[0] <= date.year <= _YEARS[1] else ""


def _numeric(found: re.Match[str]) -> str:
    """Read 14/05/2023: the part over twelve is the day; with full stops the day comes first."""
    first, mark, second, year = found.groups()
    if int(first) > 12 or mark == "." or first == second:
        return _iso({"d": first, "m": second, "y": year})
    return _iso({"m": first, "d": second, "y": year}) if int(second) > 12 else ""
