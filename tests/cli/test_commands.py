"""The commands as scripts rely on them: facts as JSON, exit codes 0, 1 and 2, and sentences instead of stack traces."""

import json
import sqlite3
import subprocess
import sys

import pytest
from sqlmodel import select

from gateway.cli import COMMANDS
from gateway.cli.edge import print_table
from gateway.models import AuditEntry
from gateway.providers.simulator import SimulatedNetwork
from tests.cli.conftest import DATA_KEY, Shell, opened_with
from tests.world import NOON, POOL, PROGRAM, TestClock, World

MENTOR_TO_CHECK = "key,role,name,phone,screened,trained\nann,mentor,Ann,613 555 0115,,2026-01-05\n"


def audit_of(shell: Shell, action: str) -> list[dict[str, object]]:
    """The details of every act of this kind."""
    with opened_with(shell).db.reading() as session:
        found = session.exec(select(AuditEntry.detail).where(AuditEntry.action == action)).all()
    return [json.loads(detail) for detail in found]


# Matches and lines


def test_a_match_says_its_id_and_each_mask(town: Shell) -> None:
    made = town.done("match", "create", "--youth", "maya", "--mentor", "ben", "--json")
    facts = made.json
    assert made.out.count("\n") == 1
    assert set(facts) == {"match", "masks"} and facts["match"] == 1
    assert set(facts["masks"]) == {"maya", "ben"} and set(facts["masks"].values()) <= set(POOL)
    assert town.done("match", "close", "1", "--reason", "moved away", "--json").json == {
        "match": 1,
        "state": "closed",
    }
    assert town.done("match", "list", "--json").json == [
        {"match": 1, "members": "maya, ben", "state": "closed", "why": "moved away"}
    ]
    assert "it cannot become closed" in town.refused("match", "close", "1", "--reason", "again")


def test_a_group_is_matched_by_naming_each_member(town: Shell) -> None:
    words = ("--youth", "maya", "--youth", "lea", "--mentor", "ben", "--mentor", "paul")
    assert set(town.done("match", "create", *words, "--json").json["masks"]) == {"maya", "lea", "ben", "paul"}


def test_a_gate_that_may_be_waived_is_waived_with_a_reason_on_record(town: Shell) -> None:
    town.done(
        "people",
        "import",
        town.write(
            "ann.csv", MENTOR_TO_CHECK.replace("trained", "trained,community").replace("-05", "-05,north")
        ),
    )
    words = ("match", "create", "--youth", "maya", "--mentor", "ann")
    said = town.refused(*words)
    assert "ann has no screening of the last three years" in said and "--waive REASON" in said
    assert town.refused(*words, "--waive", "")
    town.done(*words, "--waive", "check renewed, paper is on its way")
    assert audit_of(town, "match.create") == [
        {"waived": ["screening"], "reason": "check renewed, paper is on its way"}
    ]


def test_a_gate_that_guards_consent_is_never_waived(town: Shell) -> None:
    rows = "key,role,name,phone,consent,community\nann,youth,Ann,613 555 0115,no,north\n"
    town.done("people", "import", town.write("ann.csv", rows))
    said = town.refused("match", "create", "--youth", "ann", "--mentor", "ben", "--waive", "please")
    assert "has not given consent" in said and "--waive" not in said


def test_a_reason_that_would_not_fit_the_audit_is_refused_at_once(town: Shell) -> None:
    words = ("match", "create", "--youth", "maya", "--mentor", "ben", "--waive", "é" * 500)
    assert "say the reason" in town.refused(*words)


def test_a_pool_too_small_says_how_many_lines_to_add(shell: Shell) -> None:
    shell.done("lines", "add", PROGRAM, "--program")
    rows = "key,role,name,phone\nmaya,youth,Maya,705 555 0111\nben,mentor,Ben,416 555 0112\n"
    shell.done("people", "import", shell.write("p.csv", rows))
    said = shell.refused("match", "create", "--youth", "maya", "--mentor", "ben")
    assert said.startswith("add 1 more line with `gateway lines add NUMBER`")
    assert shell.done("match", "list", "--json").json == []


@pytest.mark.parametrize(
    ("words", "facts"),
    [
        pytest.param(
            ("416 555 0100", "--program"),
            {"line": 1, "number": PROGRAM, "kind": "long", "program": True},
            id="as people write it",
        ),
        pytest.param(
            ("12345", "--kind", "short"),
            {"line": 1, "number": "12345", "kind": "short", "program": False},
            id="a short code",
        ),
        pytest.param(
            ("+18005550100", "--kind", "tollfree"),
            {"line": 1, "number": "+18005550100", "kind": "tollfree", "program": False},
            id="toll-free",
        ),
    ],
)
def test_a_line_is_added(shell: Shell, words: tuple[str, ...], facts: dict[str, object]) -> None:
    assert shell.done("lines", "add", *words, "--json").json == facts
    assert "is a line already" in shell.refused("lines", "add", *words)


def test_a_participants_phone_cannot_become_a_line(town: Shell) -> None:
    assert "participant's phone" in town.refused("lines", "add", "705 555 0111")


# Texts


@pytest.fixture
def lived(town: Shell) -> World:
    """The town, after Maya and Ben have written to each other."""
    made = town.done("match", "create", "--youth", "maya", "--mentor", "ben", "--json").json
    clock = TestClock(NOON)
    gateway = opened_with(town, clock)
    assert isinstance(gateway.provider, SimulatedNetwork)
    world = World(gateway, gateway.provider, clock)
    for number, words in (("+17055550111", "[/b] \u202ehi\x1b[2J {x}"), ("+17055550111", "STOP")):
        world.network.text(number, made["masks"]["maya"], words)
        world.settle()
    return world


def test_the_log_of_texts_tells_where_each_leg_is(town: Shell, lived: World) -> None:
    entries = town.done("messages", "--match", "1", "--json").json
    assert {"in", "out"} == {entry["direction"] for entry in entries}
    keys = {
        "id",
        "direction",
        "at",
        "match",
        "who",
        "kind",
        "state",
        "in_words",
        "body",
        "segments",
        "reason",
    }
    assert all(keys <= set(entry) for entry in entries)
    assert [entry["in_words"] for entry in entries if entry["direction"] == "in"] == [
        "passed on",
        "a command, obeyed",
    ]
    assert audit_of(town, "thread.read")[-1] == {"count": len(entries)}


def test_words_that_would_upset_a_terminal_are_shown_harmless(town: Shell, lived: World) -> None:
    shown = town.done("messages").out
    assert "[/b]" in shown.replace("\n", "")
    assert not {"\x1b", "\u202e", "\r"} & set(shown)


def test_segments_and_keywords_answer_line_by_line(bare: Shell) -> None:
    typed = '{"text": "hi"}\n\n{"text": "Ça va ç"}\n{"text": "\\ud800"}\n'
    costs = [json.loads(line) for line in bare.done("segments", typed=typed).out.splitlines()]
    assert costs[0] == {"encoding": "GSM-7", "segments": 1, "units": 2, "offenders": []}
    assert costs[1] == {"encoding": "UCS-2", "segments": 1, "units": 7, "offenders": ["ç"]}
    assert costs[2]["encoding"] == "UCS-2"
    typed = '{"text": "Arrêt svp"}\n{"text": "help me"}\n{"text": "aide"}\n{"text": "DEBUT"}\n'
    words = [json.loads(line)["keyword"] for line in bare.done("keyword", typed=typed).out.splitlines()]
    assert words == ["stop", None, "help", "start"]


@pytest.mark.parametrize(
    "typed", ["hi\n", '{"txt": "hi"}\n', '{"text": 5}\n', "[1]\n", b"\xff\xfe\n", "[" * 100_000]
)
@pytest.mark.parametrize("command", ["segments", "keyword"])
def test_a_line_that_is_not_as_asked_is_named(bare: Shell, command: str, typed: str | bytes) -> None:
    assert bare.refused(command, typed=typed).startswith('Line 1 is not {"text": "…"}')


def test_held_texts_are_listed_released_and_discarded(town: Shell) -> None:
    assert town.done("held", "list", "--json").json == []
    assert "text 7 is not held" in town.refused("held", "release", "7")
    assert "text 7 is not held" in town.refused("held", "discard", "7")


# Keys, settings, doctor


def test_keys_are_made_and_rotated(shell: Shell) -> None:
    assert len(shell.done("keys", "new").out.strip()) == 43
    made = shell.done("keys", "env").out
    assert {line.partition("=")[0] for line in made.splitlines() if line[0] != "#"} == {
        "GATEWAY_PROVIDER",
        "GATEWAY_SECRET_KEY",
        "GATEWAY_DATA_KEYS",
        "GATEWAY_INDEX_KEY",
    }
    shell.done("lines", "add", POOL[0])
    both = f"k2:{'C' * 43},k1:{DATA_KEY}"
    assert "1 data keys are now wrapped by 'k2'" in shell.done("keys", "rotate", GATEWAY_DATA_KEYS=both).out
    shell.done("lines", "list", GATEWAY_DATA_KEYS=f"k2:{'C' * 43}")
    assert "has no key 'k2'" in shell.refused("lines", "list")


def test_rotating_before_the_first_migration_is_refused(bare: Shell) -> None:
    assert "run: gateway migrate" in bare.refused("keys", "rotate")


def test_a_command_without_settings_says_where_to_get_them(bare: Shell) -> None:
    said = bare.refused("lines", "list", GATEWAY_SECRET_KEY="", GATEWAY_DATA_KEYS="", GATEWAY_INDEX_KEY="")
    assert [line.partition(" ")[0] for line in said.splitlines()] == [
        "GATEWAY_SECRET_KEY",
        "GATEWAY_DATA_KEYS",
        "GATEWAY_INDEX_KEY",
    ]
    assert said.count("Run scripts/start once, or copy .env.example to .env") == 3


def test_the_database_is_made_by_migrate(bare: Shell) -> None:
    assert "not up to date; run: gateway migrate" in bare.refused("lines", "list")
    bare.done("migrate")
    assert bare.done("lines", "list", "--json").json == []


def test_doctor_finds_a_good_house_well(town: Shell) -> None:
    findings = town.done("doctor", "--json").json
    # what only people can do is left to do: a rota, and a call to each crisis number
    assert {finding["area"] for finding in findings if finding["level"] != "well"} == {"duty", "crisis"}
    assert {finding["level"] for finding in findings} == {"well", "look"}
    assert {"settings", "queue", "lines", "audit", "texts"} <= {finding["area"] for finding in findings}
    assert "✓" in town.done("doctor").out


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        pytest.param(
            {"GATEWAY_DATA_KEYS": f"k1:{'C' * 43}"},
            "is not the one that this database was sealed with",
            id="a wrong key",
        ),
        pytest.param(
            {"GATEWAY_INDEX_KEY": "C" * 43}, "GATEWAY_INDEX_KEY is not the one", id="a wrong index key"
        ),
        pytest.param(
            {"GATEWAY_PROVIDER": "twilio"},
            "needs TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN",
            id="no credentials",
        ),
        pytest.param({"GATEWAY_CONTENT": "nowhere"}, "no such file", id="no content"),
        pytest.param({"GATEWAY_PUBLIC_URL": "http://texts.example.org"}, "use https://", id="plain http"),
        pytest.param({"GATEWAY_REDIS_URL": "redis"}, "use redis://HOST", id="no address of Redis"),
    ],
)
def test_doctor_says_what_is_broken_and_what_to_do(town: Shell, settings: dict[str, str], said: str) -> None:
    ran = town.run("doctor", **settings)
    assert ran.code == 1
    assert said in ran.out


def test_doctor_says_when_the_database_is_behind(bare: Shell) -> None:
    ran = bare.run("doctor", "--json")
    assert ran.code == 1
    assert ran.json[-1]["level"] == "broken" and "gateway migrate" in ran.json[-1]["sentence"]


def test_doctor_sees_a_trail_that_was_changed(town: Shell) -> None:
    with sqlite3.connect(town.folder / "gateway.db") as file:
        file.execute("DELETE FROM audit_entries WHERE id = 2")
    file.close()
    ran = town.run("doctor")
    assert ran.code == 1 and "✗ audit: entry 3 was changed or one before it is missing" in ran.out


# Whatever is typed


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("match", "close", "99", "--reason", "x"), 1),
        (("match", "create", "--youth", "nobody", "--mentor", "ben"), 1),
        (("match", "pause", "99"), 1),
        (("messages", "--match", "99"), 1),
        (("lines", "start", "+14165550199"), 1),
        (("lines", "add", "not a number"), 1),
        (("lines", "pace", POOL[0], "--per-second", "nan"), 1),
        (("worker",), 1),
        (("scheduler",), 1),
        (("match", "close", "9" * 30, "--reason", "x"), 2),
        (("messages", "--match", "-1"), 2),
        (("held", "release", "x"), 2),
        (("match", "close", "1"), 2),
        (("lines", "add", "416 555 0101", "--kind", "satellite"), 2),
        (("serve", "--port", "99999"), 2),
        (("nonsense",), 2),
        (("people", "opt", "maya"), 2),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, tuple) else "",
)
def test_a_mistake_ends_in_a_sentence_and_the_right_code(
    town: Shell, words: tuple[str, ...], code: int
) -> None:
    ran = town.run(*words)
    assert ran.code == code, (ran.out, ran.err)
    assert "Traceback" not in ran.err and ran.err.strip().endswith((".", "?", "!", "'"))


def test_every_command_explains_itself(bare: Shell) -> None:
    for name in COMMANDS:
        assert bare.done(name, "--help").out.startswith("Usage: gateway"), name


# The real command


def gateway(shell: Shell, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gateway", *words],
        input=typed,
        capture_output=True,
        text=True,
        cwd=shell.folder,
        env={"PATH": "", "PYTHONPATH": shell.settings["GATEWAY_CONTENT"], "LANG": "C.UTF-8"},
        check=False,
        timeout=60,
    )


def test_the_installed_command_reads_the_env_file_of_its_folder(shell: Shell) -> None:
    said = gateway(shell, "lines", "list", "--json")
    assert (
        said.returncode == 1 and "copy .env.example to .env" in said.stderr and "Traceback" not in said.stderr
    )
    shell.write(".env", "".join(f"{name}={value}\n" for name, value in shell.settings.items()))
    said = gateway(shell, "lines", "list", "--json")
    assert (said.returncode, said.stdout, said.stderr) == (0, "[]\n", "")


def test_an_env_file_that_is_not_utf_8_is_said_so(shell: Shell) -> None:
    shell.write(".env", "GATEWAY_SECRET_KEY=é\n".encode("cp1252"))
    assert shell.refused("lines", "list").startswith(".env is not UTF-8")


def test_the_installed_command_counts_segments_without_any_settings(bare: Shell) -> None:
    said = gateway(bare, "segments", typed='{"text": "é"}\n')
    assert json.loads(said.stdout) == {"encoding": "GSM-7", "segments": 1, "units": 1, "offenders": []}


def test_a_table_fits_a_terminal_of_80_and_shows_times_to_the_minute(
    capsys: pytest.CaptureFixture[str],
) -> None:
    columns = ("alert", "how_soon", "since", "nothing")
    print_table("Alerts", columns, [(1, "today", "2026-11-25T22:52:21.729391+00:00", None)] * 2)
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].split() == ["alert", "how", "soon", "since"]
    assert lines[4].split() == ["1", "today", "2026-11-25", "22:52", "UTC"]
    assert max(map(len, lines)) <= 80
