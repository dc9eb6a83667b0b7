"""What a text costs, held to Twilio's own calculator, and where a long one is cut."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.sms.encoding import Encoding, graphemes, normalise
from gateway.sms.segments import ROOM, Measure, measure, split

# Written by npm `sms-segments-calculator` 1.3.0 from each text in NFC.
ORACLE = Path(__file__).with_name("segments.jsonl")

ANY_TEXT = st.text(st.characters(codec=None))
CLUSTERS = st.lists(
    st.sampled_from(
        ["a", "é", "€", " ", "\n", "\u00a0", "👨‍👩‍👧‍👦", "🇨🇦", "e\u0323\u0301", "ᐃ", "\U00011ab0", "\r\n"]
    )
).map("".join)


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def oracle_rows() -> Iterator[dict[str, str | int]]:
    with ORACLE.open(encoding="utf-8", newline="\n") as lines:
        yield from map(json.loads, lines)


def test_every_text_costs_what_the_calculator_of_twilio_says() -> None:
    rows = list(oracle_rows())
    found = [{"text": row["text"], **cost(measure(str(row["text"])))} for row in rows]
    assert len(rows) > 400
    assert found == rows


def cost(measured: Measure) -> dict[str, str | int]:
    return {"encoding": measured.encoding.value, "segments": measured.segments, "units": measured.units}


COSTS = {
    "empty text is one segment of nothing": ("", Encoding.GSM7, 1, 0),
    "160 letters are one segment": ("a" * 160, Encoding.GSM7, 1, 160),
    "161 letters are two": ("a" * 161, Encoding.GSM7, 2, 161),
    "306 letters are two": ("a" * 306, Encoding.GSM7, 2, 306),
    "307 letters are three": ("a" * 307, Encoding.GSM7, 3, 307),
    "a euro counts twice": ("€" * 80, Encoding.GSM7, 1, 160),
    "an escape pair is not cut, so 306 septets may need three": (
        "a" * 152 + "€" + "a" * 152,
        Encoding.GSM7,
        3,
        306,
    ),
    "70 syllabics are one segment": ("ᐃ" * 70, Encoding.UCS2, 1, 70),
    "71 syllabics are two": ("ᐃ" * 71, Encoding.UCS2, 2, 71),
    "in UCS-2 a euro counts once": ("€ç", Encoding.UCS2, 1, 2),
    "an emoji counts twice": ("😀" * 35, Encoding.UCS2, 1, 70),
    "an emoji is not cut, so 134 units may need three": ("a" * 66 + "😀" + "a" * 66, Encoding.UCS2, 3, 134),
    "a family is not cut": ("a" * 60 + "👨‍👩‍👧‍👦", Encoding.UCS2, 2, 71),
    "a pile of marks longer than a segment is cut, where the calculator overfills": (
        "a" + "\u0323" * 200,
        Encoding.UCS2,
        3,
        200,
    ),
}


@pytest.mark.parametrize(("text", "encoding", "segments", "units"), COSTS.values(), ids=COSTS.keys())
def test_cost(text: str, encoding: Encoding, segments: int, units: int) -> None:
    found = measure(text)
    assert (found.encoding, found.segments, found.units) == (encoding, segments, units)


@given(st.one_of(ANY_TEXT, CLUSTERS))
def test_a_cost_is_never_less_than_the_room_it_needs(text: str) -> None:
    found = measure(text)
    alone, chained = ROOM[found.encoding]
    assert found.units >= len(normalise(text))
    assert (found.segments == 1) == (found.units <= alone)
    assert found.segments == 1 or found.segments * chained >= found.units
    assert (found.encoding is Encoding.UCS2) == bool(found.offenders)


SPLITS = {
    "nothing has no parts": ("", 10, []),
    "a short text is itself, white space and all": (" hi \n", 10, [" hi \n"]),
    "the cut is at the last space that helps": ("one two three", 8, ["one two", "three"]),
    "a space just past the limit will do": ("one two", 3, ["one", "two"]),
    "a new line is a place to cut": ("one\ntwo three", 9, ["one\ntwo", "three"]),
    "a run of white space at the cut goes": ("one  \n two", 4, ["one", "two"]),
    "a long word is cut where it must be": ("abcdefgh", 3, ["abc", "def", "gh"]),
    "a no-break space is no place to cut": ("oui mot\u00a0! ok", 7, ["oui", "mot\u00a0!", "ok"]),
    "a flag stays whole": ("abc🇨🇦", 5, ["abc", "🇨🇦"]),
    "a family stays whole": ("ab👨‍👩‍👧‍👦", 12, ["ab", "👨‍👩‍👧‍👦"]),
    "a letter keeps its marks": ("aae\u0323\u0301", 3, ["aa", "e\u0323\u0301"]),
    "only a grapheme too large for any part is cut": ("👨‍👩‍👧", 3, ["👨‍", "👩‍", "👧"]),
    "white space too long for a part goes": (" " * 7, 3, []),
}


@pytest.mark.parametrize(("text", "limit", "wanted"), SPLITS.values(), ids=SPLITS.keys())
def test_split(text: str, limit: int, wanted: list[str]) -> None:
    assert split(text, limit) == wanted


def test_a_part_has_room_for_any_character() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        split("hi", 1)


@given(st.one_of(ANY_TEXT, CLUSTERS), st.integers(2, 40))
def test_parts_fit_and_lose_only_white_space(text: str, limit: int) -> None:
    parts = split(text, limit)
    at = 0
    for part in parts:
        found = text.index(part, at)
        assert text[at:found].strip() == ""
        assert 0 < utf16(part) <= limit
        at = found + len(part)
    assert text[at:].strip() == ""


@given(CLUSTERS, st.integers(12, 40))
def test_no_part_begins_or_ends_inside_a_grapheme(text: str, limit: int) -> None:
    whole = [seen for seen in graphemes(text) if not seen.isspace()]
    assert [seen for part in split(text, limit) for seen in graphemes(part) if not seen.isspace()] == whole


def test_twilio_never_sees_more_than_1600_characters() -> None:
    assert [len(part) for part in split("mot " * 1000)] == [1599, 1599, 800]
