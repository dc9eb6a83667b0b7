"""What is wrong in files that staff send, in the page's language.

The reading of files speaks English, for the command line; here each of its sentences is recognised and said again. A
sentence that is not known stays English, and is marked so.
"""

import re
from functools import cache

from gateway.authored.reading import Fault
from gateway.web.console.program.known_faults import KNOWN
from gateway.web.languages import current_language, gettext

PLACE = re.compile(r"([\w.-]+|the file): (.+)", re.DOTALL)
HOLE = re.compile(r"%\((\w)\)s")
ENGLISH = "en"


def sentence(fault: Fault) -> tuple[str, str]:
    """(what is wrong and what to do, the language in which that is)."""
    english = f"{fault.what}; {fault.remedy}."
    if current_language() == ENGLISH:
        return english, ENGLISH
    what, remedy = _at_its_place(fault.what), _said(fault.remedy)
    return (f"{what}; {remedy}.", current_language()) if what and remedy else (english, ENGLISH)


def _at_its_place(what: str) -> str | None:
    """Before the words there may stand the keys that lead to the place."""
    if (parts := PLACE.fullmatch(what)) and (found := _said(parts[2])):
        keys = gettext("the file") if parts[1] == "the file" else parts[1]
        return f"{keys} : {found}"
    return _said(what)


def _said(english: str) -> str | None:
    """A sentence that is known, in the page's language with its own words put in; else None."""
    for known, pattern in _patterns():
        if found := pattern.fullmatch(english):
            last = gettext("' or '")  # between the last two words of a list
            own = {name: words.replace("' or '", last) for name, words in found.groupdict().items()}
            return gettext(known) % own
    return None


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Each known sentence and what recognises it; those with most words of their own first."""
    longest_first = sorted(KNOWN, key=lambda known: len(HOLE.sub("", known)), reverse=True)
    return [(known, _pattern(known)) for known in longest_first]


def _pattern(known: str) -> re.Pattern[str]:
    parts = HOLE.split(known)  # words, the name of a hole, words, …
    words = (re.escape(part.replace("%%", "%")) for part in parts[::2])
    holes = (f"(?P<{name}>.+?)" for name in parts[1::2])
    return re.compile("".join(one + hole for one, hole in zip(words, (*holes, ""), strict=True)), re.DOTALL)
