"""Passwords: what is refused, what is taken, and how one is checked."""

import pytest

from gateway.people.staff import passwords
from gateway.people.staff.passwords import Weakness, weakness_of

OWN = ["ruth.morin@example.org", "Ruth Morin", "Passerelle"]


@pytest.mark.parametrize(
    ("password", "weakness"),
    [
        pytest.param("eleven chars"[:11], Weakness.SHORT, id="11 characters"),
        pytest.param("twelve gulls", None, id="12 characters"),
        pytest.param("gulls and kettles " * 7 + "ab", None, id="128 characters"),
        pytest.param("gulls and kettles " * 7 + "abc", Weakness.LONG, id="129 characters"),
        pytest.param("password1234", Weakness.COMMON, id="the first guess"),
        pytest.param("P@ssw0rd2026!!", Weakness.COMMON, id="the first guess, dressed up"),
        pytest.param("MotDePasse-2026", Weakness.COMMON, id="the first guess, in French"),
        pytest.param("Été2026Été2026", Weakness.COMMON, id="a season and a year"),
        pytest.param("123456789012", Weakness.COMMON, id="digits in a row"),
        pytest.param("192837465501", Weakness.COMMON, id="digits only"),
        pytest.param("qwertyuiop[]", Weakness.COMMON, id="a row of the keyboard"),
        pytest.param("azertyuiop12", Weakness.COMMON, id="a row of the French keyboard"),
        pytest.param("abcdefghijklmn", Weakness.COMMON, id="the alphabet"),
        pytest.param("aaaaaaaabbbb", Weakness.COMMON, id="two letters"),
        pytest.param("ruth-morin-passerelle", Weakness.OWN_NAME, id="names of the person and the program"),
        pytest.param("correct horse battery", None, id="words that do not belong together"),
        pytest.param("tulipe sept renard", None, id="the same in French"),
        pytest.param("kT9#vq2!Lz0@", None, id="made by a password manager"),
        pytest.param("ᐃᓄᒃᑎᑐᑦ ᐅᖃᐅᓯᖅ", None, id="syllabics"),
        pytest.param("            ", Weakness.COMMON, id="blanks"),
    ],
)
def test_what_would_be_guessed_early_is_refused(password: str, weakness: Weakness | None) -> None:
    assert weakness_of(password, OWN) is weakness


def test_a_password_is_recognised_however_its_accents_are_typed() -> None:
    hashed = passwords.hash_of("é" + "tulipe sept renard")
    assert passwords.matches("e\u0301" + "tulipe sept renard", hashed)
    assert not passwords.matches("etulipe sept renard", hashed)


def test_the_hash_is_argon2id_with_the_costs_that_owasp_asks_for_and_a_salt_of_its_own() -> None:
    first, second = passwords.hash_of("twelve gulls"), passwords.hash_of("twelve gulls")
    assert first != second
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_where_there_is_no_account_no_password_is_right() -> None:
    assert not passwords.matches("nobody has this password", None)
    assert not passwords.matches("", "no hash at all")
