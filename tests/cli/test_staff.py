"""Staff are added, invited, given new links and let go from the command line; and matches are put in their care."""

from sqlmodel import select

from gateway.models import Match
from tests.cli.conftest import Shell, opened_with


def invite(shell: Shell, email: str, role: str = "coordinator", *more: str) -> str:
    return str(shell.done("staff", "add", email, "--role", role, *more, "--json").json["link"])


def test_staff_are_added_once_with_a_link_to_set_a_password(shell: Shell) -> None:
    added = shell.done("staff", "add", "Ruth@example.org", "--role", "coordinator", "--json").json
    assert set(added) == {"staff", "role", "link"} and added["staff"] == 1
    assert added["link"].startswith("http://127.0.0.1:8000/welcome/") and len(added["link"]) > 70
    assert "on the staff already" in shell.refused("staff", "add", "ruth@example.org", "--role", "admin")
    assert "is no e-mail address" in shell.refused("staff", "add", "ruth", "--role", "admin")
    assert shell.run("staff", "add", "sam@example.org", "--role", "king").code == 2


def test_everybody_but_an_owner_belongs_to_one_community(town: Shell) -> None:
    people = "key,role,name,phone,community\nada,youth,Ada,613 555 0115,south\n"
    town.done("people", "import", town.write("more.csv", people))
    assert "--community: north, south" in town.refused("staff", "add", "ruth@example.org", "--role", "admin")
    assert "no community 'west'" in town.refused(
        "staff", "add", "ruth@example.org", "--role", "admin", "--community", "west"
    )
    assert "leave --community out" in town.refused(
        "staff", "add", "olga@example.org", "--role", "owner", "--community", "north"
    )
    invite(town, "ruth@example.org", "coordinator", "--community", "south")
    invite(town, "olga@example.org", "owner")
    listed = town.done("staff", "list", "--json").json
    assert [(row["email"], row["community"]) for row in listed] == [
        ("ruth@example.org", "south"),
        ("olga@example.org", None),
    ]


def test_what_is_known_of_a_colleague_is_listed_without_the_whole_number(town: Shell) -> None:
    more = ("--name", "Ruth Morin", "--phone", "613 555 0199", "--language", "fr")
    invite(town, "ruth@example.org", "coordinator", *more)
    (row,) = town.done("staff", "list", "--json").json
    assert row["name"] == "Ruth Morin" and row["state"] == "invited" and row["second factor"] == "no"
    assert "613" not in row["phone"]
    assert "is no time zone" in town.refused(
        "staff", "add", "kim@example.org", "--role", "admin", "--timezone", "Toronto"
    )


def test_a_new_link_replaces_the_old_one(town: Shell) -> None:
    first = invite(town, "ruth@example.org")
    second = town.done("staff", "reset", "ruth@example.org", "--json").json["link"]
    assert first != second
    assert "nobody on the staff" in town.refused("staff", "reset", "sam@example.org")


def test_an_account_that_is_closed_gets_no_link(town: Shell) -> None:
    invite(town, "ruth@example.org")
    town.done("staff", "disable", "ruth@example.org")
    assert town.done("staff", "list", "--json").json[0]["state"] == "disabled"
    assert "disabled" in town.refused("staff", "reset", "ruth@example.org")


def test_a_match_is_put_in_the_care_of_a_coordinator_of_its_community(town: Shell) -> None:
    town.done("match", "create", "--youth", "maya", "--mentor", "ben")
    invite(town, "ruth@example.org")
    invite(town, "ann@example.org", "admin")
    town.done("match", "assign", "1", "ruth@example.org")
    with opened_with(town).db.reading() as session:
        assert session.exec(select(Match.coordinator_id)).one() == 1
    assert "by a coordinator" in town.refused("match", "assign", "1", "ann@example.org")
    town.done("staff", "disable", "ruth@example.org")
    assert "by a coordinator" in town.refused("match", "assign", "1", "ruth@example.org")


def test_a_match_never_leaves_its_community(town: Shell) -> None:
    people = "key,role,name,phone,community\nada,youth,Ada,613 555 0115,south\n"
    town.done("people", "import", town.write("more.csv", people))
    town.done("match", "create", "--youth", "maya", "--mentor", "ben")
    invite(town, "sam@example.org", "coordinator", "--community", "south")
    assert "another community" in town.refused("match", "assign", "1", "sam@example.org")
