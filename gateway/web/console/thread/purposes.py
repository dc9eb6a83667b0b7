"""Why somebody opens a thread in which something sensitive is open: asked first, and kept in the audit."""

from enum import StrEnum

from flask import request

from gateway.web.languages import gettext as _


class Purpose(StrEnum):
    """One plain answer; its value goes into the audit."""

    ALERT = "alert"
    FOLLOW_UP = "follow_up"
    SECOND_LOOK = "second_look"
    HANDOVER = "handover"


def purposes() -> list[tuple[str, str]]:
    """The answers to choose from."""
    said = {
        Purpose.ALERT: _("I answer the alert that is open"),
        Purpose.FOLLOW_UP: _("I follow up on what happened"),
        Purpose.SECOND_LOOK: _("A colleague asked me for a second look"),
        Purpose.HANDOVER: _("I am taking over this match"),
    }
    return [(one.value, said[one]) for one in Purpose]


def purpose() -> Purpose | None:
    """What the reader of this page has answered, in its address."""
    written = request.args.get("why", "")
    return Purpose(written) if written in set(Purpose) else None


def kept() -> dict[str, str]:
    """The answer as part of an address, for the page that follows a form of this one or an older page of it."""
    written = request.values.get("why", "")
    return {"why": written} if written in set(Purpose) else {}
