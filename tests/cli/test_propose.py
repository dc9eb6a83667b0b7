"""`gateway match propose`: pairs with their reasons, and nothing is made."""

from tests.cli.conftest import Shell


def test_all_who_wait_are_proposed_with_reasons(town: Shell) -> None:
    found = town.done("match", "propose", "--json").json
    assert [(one["youth"], one["mentor"]) for one in found] == [("maya", "ben"), ("lea", "paul")]
    assert "same language" in found[0]["why"] and found[0]["not met"] == ""
    assert town.done("match", "list", "--json").json == []


def test_for_one_youth_the_best_come_first_and_a_mentor_is_refused(town: Shell) -> None:
    assert [one["mentor"] for one in town.done("match", "propose", "--youth", "maya", "--json").json] == [
        "ben"
    ]
    assert "a proposal is for a youth" in town.refused("match", "propose", "--youth", "ben")


def test_who_is_left_is_named(town: Shell) -> None:
    town.done("match", "create", "--youth", "lea", "--mentor", "ben")
    said = town.done("match", "propose").out
    assert "Nobody yet for: maya." in said
