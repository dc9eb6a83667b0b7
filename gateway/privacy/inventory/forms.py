"""The words in which the inventory speaks: whose a column is, how it lies there, and why it is kept."""

from dataclasses import dataclass
from enum import StrEnum


class Whose(StrEnum):
    """About whom a column speaks."""

    PARTICIPANT = "participant"
    STAFF = "staff"
    COMMUNITY = "community"
    PROGRAM = "program"  # about the program or its machines, and nobody


class Form(StrEnum):
    """How a column lies in the database."""

    SEALED = "sealed"  # encrypted, bound to its row
    INDEX = "index"  # keyed HMAC: finds, and tells nothing
    PLAIN = "plain"


@dataclass(frozen=True)
class Kept:
    """One column. `why` is the reason for keeping it, in words for people."""

    whose: Whose
    form: Form
    why: str


def sealed(why: str, whose: Whose = Whose.PARTICIPANT) -> Kept:
    return Kept(whose, Form.SEALED, why)


def index(why: str, whose: Whose = Whose.PARTICIPANT) -> Kept:
    return Kept(whose, Form.INDEX, why)


def personal(why: str) -> Kept:
    return Kept(Whose.PARTICIPANT, Form.PLAIN, why)


def staff(why: str) -> Kept:
    return Kept(Whose.STAFF, Form.PLAIN, why)


def community(why: str) -> Kept:
    return Kept(Whose.COMMUNITY, Form.PLAIN, why)


def program(why: str) -> Kept:
    return Kept(Whose.PROGRAM, Form.PLAIN, why)


ROW = {
    "id": program("names the row"),
    "uid": program("names the row in addresses, and binds what it seals"),
}
ID = {"id": program("names the row")}
PERSON = "ties the row to the person, so that it can be exported and erased with the rest"
