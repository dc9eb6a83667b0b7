"""The evaluation set is what docs/screening.md says: whole, balanced, parted by template, and unchanged since its hashes."""

import random
import re
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from scripts.bench.tally import GOALS
from tests.evaluation import make
from tests.evaluation.rows import ORDINARY, Label, Part, Row, hash_of, path_of, read_rows
from tests.evaluation.slots import Filling, draw_number
from tests.evaluation.templates import EARLIER, as_typed, elided, likeness, read_sheets, without_accents

DOCS = Path(__file__).parents[2] / "docs" / "screening.md"
LABELLED = (Part.DEV, Part.HELD_OUT)
WANTED = {
    *GOALS, *("contact-address", "sexual", "crisis-method", "crisis-third-party"),
    *("disclosure", "violence", "harassment"),
}  # fmt: skip


@cache
def rows(part: Part) -> tuple[Row, ...]:
    return tuple(read_rows(path_of(part)))


def everything() -> list[Row]:
    return [row for part in Part for row in rows(part)]


@pytest.mark.parametrize("part", Part)
class TestFile:
    def test_its_hash_is_the_one_in_the_docs(self, part: Part) -> None:
        told = re.search(
            rf"`{part}\.jsonl` \| [\d,]+ \| `([0-9a-f]{{64}})`", DOCS.read_text(encoding="utf-8")
        )
        assert told is not None
        assert told[1] == hash_of(path_of(part))

    def test_its_number_of_rows_is_the_one_in_the_docs(self, part: Part) -> None:
        assert f"`{part}.jsonl` | {len(rows(part)):,} |" in DOCS.read_text(encoding="utf-8")

    def test_languages_are_balanced_within_a_tenth(self, part: Part) -> None:
        counted = Counter(row.language for row in rows(part))
        assert set(counted) == {"en", "fr"}
        assert abs(counted["en"] - counted["fr"]) <= 0.1 * min(counted.values())

    def test_ids_are_unique_and_writers_known(self, part: Part) -> None:
        assert len({row.id for row in rows(part)}) == len(rows(part))
        assert {row.writer for row in rows(part)} == {"youth", "mentor"}


def test_the_files_are_what_the_script_makes_of_the_templates() -> None:
    made = make.make()
    assert {part: tuple(made[part]) == rows(part) for part in Part} == dict.fromkeys(Part, True)


def test_no_template_is_in_two_files() -> None:
    files = {part: {row.template for row in rows(part)} for part in Part}
    shared = {(one, other): files[one] & files[other] for one in Part for other in Part if one < other}
    assert not any(shared.values())


def test_no_two_texts_are_alike() -> None:
    counted = Counter(likeness(EARLIER.join([*_pieces(row), row.text])) for row in everything())
    assert [text for text, times in counted.items() if times > 1] == []


def _pieces(row: Row) -> tuple[str, ...]:
    return () if row.subtype == ORDINARY else row.recent


def test_there_are_enough_rows() -> None:
    assert sum(len(rows(part)) for part in LABELLED) >= 1200
    assert len(rows(Part.ORDINARY)) == 2000


@pytest.mark.parametrize("part", LABELLED)
def test_each_subtype_has_three_near_misses_for_each_positive_in_each_language(part: Part) -> None:
    positives = Counter((row.subtype, row.language) for row in rows(part) if row.expect)
    near_misses = Counter((row.subtype, row.language) for row in rows(part) if not row.expect)
    assert {subtype for subtype, _ in positives} == WANTED
    assert [key for key, count in positives.items() if near_misses[key] < 3 * count] == []


def test_a_positive_expects_what_its_subtype_aims_at_and_allows_nothing_that_it_expects() -> None:
    shown = [row for row in everything() if row.expect]
    assert [row.id for row in shown if row.aim not in row.expect or row.expect & row.also] == []
    assert {row.aim for row in shown} == set(Label)


def test_what_is_ordinary_or_a_near_miss_expects_and_allows_nothing() -> None:
    assert [row.id for row in everything() if row.subtype == ORDINARY and row.expect] == []
    assert [row.id for row in everything() if not row.expect and row.also] == []


def test_split_rows_have_one_to_four_earlier_texts_and_ordinary_ones_have_some() -> None:
    lengths = {
        subtype: {len(row.recent) for row in everything() if row.subtype == subtype}
        for subtype in {row.subtype for row in everything()}
    }
    assert lengths.pop("contact-split") == {1, 2, 3, 4}
    assert lengths.pop(ORDINARY) == {0, 1, 2, 3, 4}
    assert set(map(frozenset, lengths.values())) == {frozenset({0})}


@pytest.mark.parametrize("part", LABELLED)
def test_a_crisis_line_that_a_mentor_passes_on_is_a_near_miss(part: Part) -> None:
    lines = re.compile(r"\b(988|811|911|686868|1-800-668-6868|1-855-242-3310|1-800-263-2266)\b")
    passed_on = [row for row in rows(part) if lines.search(row.text) and row.writer == "mentor"]
    assert passed_on and not any(row.expect for row in passed_on)


def test_no_number_in_a_text_can_ring() -> None:
    crisis_lines = {"8006686868", "8552423310", "8002632266"}
    ten = re.compile(
        r"(?<!\d)\+?1?[ .-]?\(?(\d{3})\)?[ ./–-]?(\d{3})[ .–-]?(\d{2})[ ]?(\d{2})(?!\d)", re.ASCII
    )
    texts = [unicodedata.normalize("NFKC", row.text) for row in everything()]
    written = {"".join(found) for text in texts for found in ten.findall(text)}
    assert len(written) > 50
    assert {number for number in written - crisis_lines if number[3:6] not in {"555", "958", "959"}} == set()


def test_links_and_mail_use_the_reserved_domains() -> None:
    address = re.compile(r"https?://([^/\s?]+)|\S@([\w-]+\.[\w.-]+\w)", re.IGNORECASE)
    hosts = {one or two for row in everything() for one, two in address.findall(row.text)}
    assert len(hosts) > 5
    assert {
        host for host in hosts if not re.search(r"(^|\.)example\.(com|org|net)$", host.lower().rstrip("."))
    } == set()


def test_an_unknown_slot_is_refused() -> None:
    with pytest.raises(KeyError, match="nothing"):
        Filling(random.Random(1), "en", {}).fill("a {nothing}")


def test_slots_inside_choices_are_filled_first_and_speak_of_one_number() -> None:
    filling = Filling(random.Random(1), "en", {})
    text = filling.fill("{{area}|{area}} {exchange} {line}")
    assert text.replace(" ", "") == filling.number.digits


def test_every_number_that_is_drawn_is_of_an_exchange_without_subscribers() -> None:
    dice = random.Random(2)
    assert {draw_number(dice).exchange for _ in range(200)} == {"555", "958", "959"}


def test_accents_go_and_other_signs_stay() -> None:
    assert without_accents("Çà et là, ma soeur fête Noël ⑧5️⃣ ٣") == "Ca et la, ma soeur fete Noel ⑧5️⃣ ٣"


def test_a_mentor_is_not_made_to_shout() -> None:
    dice = random.Random(3)
    assert not any(as_typed("Bonjour à toi", "mentor", dice).isupper() for _ in range(200))


def test_french_elides_before_what_a_slot_puts_in() -> None:
    assert elided("l'examen de anglais de Olivier") == "l'examen d'anglais d'Olivier"
    assert (
        elided("un niveau de les Sims de onze tours de hockey")
        == "un niveau des Sims de onze tours de hockey"
    )


def test_every_template_that_is_written_is_used() -> None:
    written = {template.id for sheet in read_sheets() for template in sheet.templates}
    assert written == {row.template for row in everything()}
