"""`gateway people`: a list is imported whole or not at all, and each bad cell is named with its remedy."""

import re

import pytest
from sqlmodel import col, select

from gateway.models import OutboundMessage
from tests.cli.conftest import PEOPLE, Shell, opened_with
from tests.world import POOL, PROGRAM

HEAD = "key,role,name,phone\n"
GOOD = "maya,youth,Maya,705 555 0111\n"


def test_a_good_list_is_imported(shell: Shell) -> None:
    assert shell.done("people", "import", shell.write("p.csv", PEOPLE), "--json").json["imported"] == 4
    people = shell.done("people", "list", "--json").json
    assert [person["key"] for person in people] == ["ben", "lea", "maya", "paul"]
    assert people[1] == {
        "key": "lea",
        "role": "youth",
        "phone": "…0113",
        "language": "fr",
        "timezone": "America/Toronto",
        "community": "north",
        "state": "well",
    }


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\xef\xbb\xbf" + PEOPLE.encode(), id="with a byte order mark"),
        pytest.param(PEOPLE.replace(",", ";").encode(), id="with semicolons"),
        pytest.param(PEOPLE.replace("\n", "\r\n").encode(), id="with the line ends of Windows"),
        pytest.param(PEOPLE.replace("key,role", "Key , ROLE").encode(), id="with capitals in the header"),
        pytest.param(
            PEOPLE.replace("community\n", "community,note\n").replace(",north", ",north,x").encode(),
            id="with more columns",
        ),
        pytest.param(PEOPLE.replace("Maya Tremblay", '"Tremblay, Maya"').encode(), id="with a quoted comma"),
    ],
)
def test_lists_as_sheets_save_them_are_read(shell: Shell, content: bytes) -> None:
    assert shell.done("people", "import", shell.write("p.csv", content), "--json").json["imported"] == 4


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(
            HEAD + "maya,boss,Maya,705 555 0111\n", "row 2, column role: 'boss' must be youth", id="a role"
        ),
        pytest.param(HEAD + "maya,youth,,705 555 0111\n", "row 2, column name: needs a name", id="no name"),
        pytest.param(HEAD + "maya,youth,Maya,555\n", "row 2, column phone: .* too short", id="a short phone"),
        pytest.param(
            HEAD + "maya,youth,Maya,+33612345678\n", "row 2, column phone: is outside CA, US", id="France"
        ),
        pytest.param(
            HEAD + "maya,youth,Maya,416 555 0100 ext 3\n",
            "row 2, column phone: .*extension",
            id="an extension",
        ),
        pytest.param(
            HEAD + "=cmd|x,youth,Maya,705 555 0111\n", "row 2, column key: '=cmd|x' must be", id="a formula"
        ),
        pytest.param(
            HEAD + GOOD + GOOD, "row 3, column key: 'maya' stands in row 2 already", id="a key twice"
        ),
        pytest.param(
            HEAD + GOOD.strip() + ",more\n", "row 2: more cells than columns; quote", id="a stray comma"
        ),
        pytest.param(
            "key,role,name\nmaya,youth,Maya\n", "row 1: the column 'phone' is missing", id="no phone column"
        ),
        pytest.param(
            "key,key,role,name,phone\n", "row 1: the column 'key' stands twice", id="a column twice"
        ),
        pytest.param(HEAD, "row 2: there is nobody in the list", id="nobody"),
        pytest.param("", "row 1: the column 'key' is missing", id="an empty file"),
        pytest.param(HEAD + '"maya,youth\n', "row 2: .*Check its quotes", id="an open quote"),
        pytest.param(
            "key,role,name,phone,timezone\n" + GOOD.strip() + ",Toronto\n",
            "column timezone: 'Toronto' is no time zone",
            id="a zone",
        ),
        pytest.param(
            "key,role,name,phone,language\n" + GOOD.strip() + ",English\n",
            "column language: 'English' is no language code",
            id="a language",
        ),
        pytest.param(
            "key,role,name,phone,consent\n" + GOOD.strip() + ",maybe\n",
            "column consent: 'maybe' is neither yes nor no",
            id="consent",
        ),
        pytest.param(
            "key,role,name,phone,screened\n" + GOOD.strip() + ",24/11/2026\n",
            "column screened: '24/11/2026' is no date",
            id="a date",
        ),
        pytest.param(
            "key,role,name,phone,community\n" + GOOD.strip() + ",=1+1\n",
            "column community: must be",
            id="a formula as community",
        ),
        pytest.param(
            HEAD + f"ann,youth,Ann,{PROGRAM}\n",
            "row 2, column phone: this is one of the gateway's own lines",
            id="our own line",
        ),
        pytest.param(
            (HEAD + GOOD).encode("utf-16"), "row 1: not UTF-8. Save the sheet as “CSV UTF-8”", id="UTF-16"
        ),
        pytest.param(
            (HEAD + "lea,youth,Léa,819 555 0113\n").encode("cp1252"), "row 2: not UTF-8", id="Windows letters"
        ),
        pytest.param(HEAD + "maya,youth,Ma\x00ya,705 555 0111\n", "row 2", id="a NUL"),
    ],
)
def test_a_bad_list_names_row_column_and_remedy_and_imports_nobody(
    town: Shell, content: str | bytes, said: str
) -> None:
    before = town.done("people", "list", "--json").json
    sentence = town.refused("people", "import", town.write("bad.csv", content))
    assert all(part in sentence for part in said.split(".*")), sentence
    assert town.done("people", "list", "--json").json == before


def test_every_bad_cell_is_named_at_once(shell: Shell) -> None:
    bad = HEAD + "maya,youth,,1\n" + "ok,youth,Ok,705 555 0111\n" + "lea,x,Léa,819 555 0113\n"
    said = shell.refused("people", "import", shell.write("bad.csv", bad))
    assert [line.partition(":")[0] for line in said.splitlines()] == [
        "row 2, column name",
        "row 2, column phone",
        "row 4, column role",
    ]
    assert shell.done("people", "list", "--json").json == []


def test_somebody_enrolled_already_is_named_and_the_others_wait(town: Shell) -> None:
    more = HEAD + "ann,youth,Ann,613 555 0115\n" + GOOD
    assert "row 3, column key: 'maya' is enrolled already" in town.refused(
        "people", "import", town.write("more.csv", more)
    )
    assert len(town.done("people", "list", "--json").json) == 4


def test_a_phone_may_be_shared(shell: Shell) -> None:
    shared = HEAD + GOOD + "lea,youth,Léa,705 555 0111\n"
    assert shell.done("people", "import", shell.write("p.csv", shared), "--json").json["imported"] == 2


def test_a_name_that_looks_like_a_template_or_a_formula_is_only_a_name(shell: Shell) -> None:
    names = ["{{7*7}}", "{phone}", "=1+1", "%s", "[/b]", "O'Brien-Ńguyễn"]
    rows = "".join(f"p{n},youth,{name},705 555 0{200 + n}\n" for n, name in enumerate(names))
    shell.done("people", "import", shell.write("p.csv", HEAD + rows))
    assert len(shell.done("people", "list", "--json").json) == len(names)
    shell.done("people", "list")


def test_a_file_that_is_not_there_is_wrong_usage(shell: Shell) -> None:
    assert shell.run("people", "import", "nowhere.csv").code == 2


def test_staff_opt_somebody_out_and_back_in(town: Shell) -> None:
    town.done("people", "opt", "maya", "--out")
    assert state_of(town, "maya") == "opted out"
    town.done("people", "opt", "maya", "--in")
    assert state_of(town, "maya") == "well"


def state_of(shell: Shell, key: str) -> str:
    people = shell.done("people", "list", "--json").json
    return str(next(person["state"] for person in people if person["key"] == key))


def test_a_new_number_takes_two_steps_and_a_wrong_code_counts(town: Shell) -> None:
    town.done("match", "create", "--youth", "maya", "--mentor", "ben")
    new = "+17055550177"
    assert "A code is on its way to …0177" in town.done("people", "new-number", "maya", new).out
    assert town.done("messages", "--json").json[-1]["body"] == "(a code, not shown)"
    code = re.search(r"\d{6}", newest_body(town))
    assert code
    wrong = f"{(int(code[0]) + 1) % 1_000_000:06d}"
    assert "not the code" in town.refused("people", "new-number", "maya", new, "--confirm", wrong)
    assert (
        "The number of maya is now …0177"
        in town.done("people", "new-number", "maya", new, "--confirm", code[0]).out
    )
    assert "no change to this number" in town.refused(
        "people", "new-number", "maya", new, "--confirm", code[0]
    )


def newest_body(shell: Shell) -> str:
    """What the newest text says, as the phone will show it."""
    gateway = opened_with(shell)
    with gateway.db.reading() as session:
        newest = session.exec(select(OutboundMessage).order_by(col(OutboundMessage.id).desc())).first()
        assert newest
        return session.open(newest, "body_sealed")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(
            ("verify", "nobody"), "nobody has the key 'nobody'; `gateway people list`", id="an unknown key"
        ),
        pytest.param(("opt", "nobody", "--out"), "nobody has the key", id="an unknown key for opt"),
        pytest.param(("new-number", "maya", "12"), "too short", id="a short number"),
        pytest.param(("new-number", "maya", POOL[0]), "own lines", id="our own line"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(town: Shell, words: tuple[str, ...], said: str) -> None:
    assert said in town.refused("people", *words)
