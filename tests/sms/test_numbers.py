"""Which numbers are taken, how a refusal reads, and where a number belongs."""

import contextlib
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gateway.sms.numbers import (
    NumberRefused,
    Problem,
    country_of,
    in_allowed_countries,
    is_textable,
    last_digits,
    parse_number,
)

TAKEN = {
    "E.164 stays itself": ("+14165550142", "+14165550142"),
    "brackets and dashes go": ("(416) 555-0142", "+14165550142"),
    "dots go": ("416.555.0142", "+14165550142"),
    "a leading 1 is the country": ("1 416 555 0142", "+14165550142"),
    "no-break spaces go": ("416\u00a0555\u202f0142", "+14165550142"),
    "typographic dashes go": ("416–555‑0142", "+14165550142"),
    "a tel link is a number": ("tel:+1-416-555-0142", "+14165550142"),
    "full-width digits are digits": ("４１６５５５０１４２", "+14165550142"),
    "marks that a contact card hides in a number go": ("\u202a+1 416 555 0142\u202c", "+14165550142"),
    "Yukon and the territories are taken": ("867-555-0100", "+18675550100"),
    "an American number is taken": ("+1 212 555 0199", "+12125550199"),
    "a toll-free line is taken": ("1-833-555-0100", "+18335550100"),
    "a French mobile is taken in full": ("+33 6 12 34 56 78", "+33612345678"),
}


@pytest.mark.parametrize(("raw", "wanted"), TAKEN.values(), ids=TAKEN.keys())
def test_a_number_is_taken(raw: str, wanted: str) -> None:
    assert parse_number(raw) == wanted


def test_a_national_number_is_read_from_the_region() -> None:
    assert parse_number("06 12 34 56 78", region="FR") == "+33612345678"


REFUSED = {
    "nothing": ("", Problem.EMPTY),
    "white space": (" \u200b ", Problem.EMPTY),
    "words": ("call me", Problem.LETTERS),
    "a number in letters": ("1-800-FLOWERS", Problem.LETTERS),
    "an extension": ("416-555-0142 x12", Problem.EXTENSION),
    "an extension in French": ("416 555-0142 poste 12", Problem.EXTENSION),
    "an extension of a tel link": ("tel:+14165550142;ext=4", Problem.EXTENSION),
    "no area code": ("555-0142", Problem.SHORT),
    "nine digits": ("416-555-014", Problem.SHORT),
    "a short code": ("123456", Problem.SHORT),
    "emergency": ("911", Problem.SHORT),
    "eleven digits that do not begin with 1": ("41655501423", Problem.LONG),
    "two numbers": ("+14165550142 +14165550143", Problem.LONG),
    "an area that starts with 1": ("116 555 0142", Problem.IMPOSSIBLE),
    "an exchange that starts with 0": ("416 055 0142", Problem.IMPOSSIBLE),
    "an exchange kept for services": ("416 911 0142", Problem.IMPOSSIBLE),
    "a French number that is not one": ("+33 0 12 34 56 78", Problem.IMPOSSIBLE),
    "a premium number": ("1 900 555 0142", Problem.KIND),
    "a foreign premium number": ("+33 899 12 34 56", Problem.KIND),
}


@pytest.mark.parametrize(("raw", "problem"), REFUSED.values(), ids=REFUSED.keys())
def test_a_number_is_refused_with_its_sentence(raw: str, problem: Problem) -> None:
    with pytest.raises(NumberRefused) as refusal:
        parse_number(raw)
    assert refusal.value.problem is problem
    assert refusal.value.reason == problem.value == str(refusal.value)


SENDERS = {
    "a person": ("+14165550142", True),
    "a French mobile": ("+33612345678", True),
    "a short code": ("123456", False),
    "a short code with the country": ("+1123456", False),
    "a sender in letters": ("ROGERS", False),
    "a withheld caller": ("ANONYMOUS", False),
    "a withheld caller in digits": ("+266696687", False),
    "an unavailable caller in digits": ("+86282452253", False),
    "a number not in E.164": ("416 555 0142", False),
    "a channel address": ("whatsapp:+14165550142", False),
    "a new line after the number": ("+14165550142\n", False),
    "nothing": ("", False),
}


@pytest.mark.parametrize(("number", "wanted"), SENDERS.values(), ids=SENDERS.keys())
def test_who_can_be_texted_back(number: str, wanted: bool) -> None:
    assert is_textable(number) is wanted


COUNTRIES = {
    "Toronto, fictional": ("+14165550142", "CA", True),
    "the territories, fictional": ("+18675550100", "CA", True),
    "Newfoundland": ("+17095550100", "CA", True),
    "a satellite phone of the North": ("+16005550142", "CA", True),
    "New York, fictional": ("+12125550142", "US", True),
    "Jamaica is +1 and not Canada": ("+18765550123", "JM", False),
    "Barbados, with an exchange not in service": ("+12465550100", "BB", False),
    "the Dominican Republic": ("+18095550100", "DO", False),
    "Puerto Rico is a country of its own here": ("+17875550100", "PR", False),
    "an area code that nobody has": ("+15555550142", None, False),
    "a premium number": ("+19005550100", None, False),
    "toll-free belongs to no one country and passes": ("+18005550100", None, True),
    "France": ("+33612345678", "FR", False),
    "a short code": ("12345", None, False),
    "letters": ("ANONYMOUS", None, False),
}


@pytest.mark.parametrize(("number", "country", "allowed"), COUNTRIES.values(), ids=COUNTRIES.keys())
def test_where_a_number_belongs(number: str, country: str | None, allowed: bool) -> None:
    assert country_of(number) == country
    assert in_allowed_countries(number) is allowed


def test_a_program_may_allow_one_country_or_another() -> None:
    assert not in_allowed_countries("+12125550142", frozenset({"CA"}))
    assert in_allowed_countries("+33612345678", frozenset({"FR"}))
    assert not in_allowed_countries("+18005550100", frozenset({"FR"}))


@pytest.mark.parametrize(("number", "wanted"), [("+14165550142", "…0142"), ("12345", "…45"), ("ROGERS", "…")])
def test_people_see_the_last_digits_only(number: str, wanted: str) -> None:
    assert last_digits(number) == wanted


@given(st.one_of(st.text(st.characters(codec=None)), st.from_regex(r"[+0-9() .x-]{1,20}", fullmatch=True)))
def test_any_text_is_taken_in_one_form_or_refused(raw: str) -> None:
    with contextlib.suppress(NumberRefused):
        number = parse_number(raw)
        assert re.fullmatch(r"\+[1-9][0-9]{6,14}", number)
        assert parse_number(number) == number


@pytest.mark.parametrize("problem", Problem)
def test_every_refusal_is_a_sentence(problem: Problem) -> None:
    assert NumberRefused(problem).reason.endswith(".")


@given(st.from_regex(r"[2-9][0-8][0-9]", fullmatch=True), st.integers(100, 199))
def test_every_fictional_number_is_taken_and_textable(area: str, line: int) -> None:
    raw = f"+1 {area} 555 0{line}"
    assume(not area.endswith("11") and area != "900")
    number = parse_number(raw)
    assert is_textable(number)
    assert country_of(number) == country_of(f"+1{area}5550100")
