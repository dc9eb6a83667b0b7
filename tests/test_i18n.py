"""Every reader gets the nearest language that there is, and times as people there say them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from gateway.i18n import date_of, day_and_time, day_of, fallbacks, is_language, long_date, pick

EVENING = datetime(2026, 11, 25, 2, 40, tzinfo=UTC)  # still Tuesday evening in Canada


@pytest.mark.parametrize(
    ("language", "tried"),
    [
        ("en", ("en",)),
        ("fr", ("fr", "en")),
        ("fr-CA", ("fr-CA", "fr", "en")),
        ("cr", ("cr", "en")),
        ("moe-fr", ("moe-fr", "moe", "fr", "en")),
        ("oj-CA-fr", ("oj-CA-fr", "oj", "fr", "en")),
    ],
)
def test_a_language_falls_back_to_its_own_kind_and_then_to_english(
    language: str, tried: tuple[str, ...]
) -> None:
    assert fallbacks(language) == tried


def test_the_nearest_text_is_picked() -> None:
    texts = {"en": "hello", "fr": "allo", "cr": "tansi"}
    assert [pick(texts, language) for language in ("cr", "fr-CA", "iu", "en")] == [
        "tansi",
        "allo",
        "hello",
        "hello",
    ]
    assert [pick(texts, language) for language in ("moe-fr", "iu-en", "cr-fr")] == ["allo", "hello", "tansi"]
    with pytest.raises(KeyError):
        pick({"fr": "allo"}, "iu")


@pytest.mark.parametrize(
    ("code", "is_one"),
    [
        *((code, True) for code in ("en", "fr", "cr", "iu", "moe", "crj-Cans", "fr-CA", "no")),
        *((code, False) for code in ("", "English", "e", "EN", "fr_CA", "fr-", "en\n", "../x")),
    ],
)
def test_a_language_code_is_told_from_a_word(code: str, is_one: bool) -> None:
    assert is_language(code) is is_one


@pytest.mark.parametrize(
    ("zone", "language", "said"),
    [
        pytest.param("America/Toronto", "en", "Tue 21:40", id="Toronto"),
        pytest.param("America/St_Johns", "en", "Tue 23:10", id="half an hour on in Newfoundland"),
        pytest.param("America/Regina", "en", "Tue 20:40", id="Saskatchewan"),
        pytest.param("America/Toronto", "fr", "mar. 21 h 40", id="in French"),
        pytest.param(
            "America/Iqaluit", "moe", "Tue 21:40", id="in English where no table knows the language"
        ),
    ],
)
def test_a_time_is_absolute_and_local(zone: str, language: str, said: str) -> None:
    assert day_and_time(EVENING, ZoneInfo(zone), language) == said


def test_a_day_is_named_in_the_readers_language_and_zone() -> None:
    toronto = ZoneInfo("America/Toronto")
    assert [day_of(EVENING, toronto, language) for language in ("en", "fr-CA", "cr")] == [
        "Tuesday",
        "mardi",
        "Tuesday",
    ]


def test_french_counts_the_first_of_a_month_and_no_other_day() -> None:
    first, eleventh = date(2026, 12, 1), date(2026, 12, 11)
    assert [date_of(day, "fr") for day in (first, eleventh)] == ["mardi 1er décembre", "vendredi 11 décembre"]
    assert [long_date(day, "fr") for day in (first, eleventh)] == ["1er décembre 2026", "11 décembre 2026"]
    assert (date_of(first, "en"), long_date(first, "en")) == ("Tue December 1", "December 1, 2026")
