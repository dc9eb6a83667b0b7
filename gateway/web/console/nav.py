"""The way around the console: the pages that exist and that this viewer may open, in the order of a day's work."""

from dataclasses import dataclass

from flask import current_app, request

from gateway.people.access import Viewer, may
from gateway.web.console.guard import SignedIn, Standing, act_of, signed_in
from gateway.web.current import current_viewer
from gateway.web.languages import gettext as _
from gateway.web.languages import link

UNDER = {
    "lines": "matches",
    "staff": "people",
    "shifts": "alerts",
}  # pages that are reached from another entry


@dataclass(frozen=True)
class Place:
    """One entry."""

    words: str
    path: str
    is_current: bool


def places() -> list[Place]:
    """The entries for whoever looks; none while nobody is signed in whole."""
    who = signed_in() if current_viewer() else None
    if who is None or who.standing is not Standing.WHOLE:
        return []
    return [_place(endpoint, words) for endpoint, words in _open_to(who.viewer)]


def way_in(who: SignedIn) -> str:
    """The path of the page with which this person goes on: the rest of signing in, or the first of the day."""
    if who.standing is Standing.CODE_AWAITED:
        return link("sign_in.code")
    if who.standing is Standing.SETUP_AWAITED:
        return link("second_factor.show")
    return link(_open_to(who.viewer)[0][0])


def _open_to(viewer: Viewer) -> list[tuple[str, str]]:
    entries = {
        "today.show": _("Today"),
        "matches.index": _("Matches"),
        "people.index": _("People"),
        "review.index": _("Review"),
        "alerts.index": _("Alerts"),
        "program.index": _("Program"),
        "insight.index": _("Insight"),
        "audit.index": _("Audit"),
        "account.show": _("Account"),
    }
    return [(endpoint, words) for endpoint, words in entries.items() if _may_open(viewer, endpoint)]


def _may_open(viewer: Viewer, endpoint: str) -> bool:
    view = current_app.view_functions.get(endpoint)
    act = view and act_of(view)
    return act is not None and may(viewer, act)


def _place(endpoint: str, words: str) -> Place:
    here = request.blueprint or ""
    return Place(words, link(endpoint), UNDER.get(here, here) == endpoint.partition(".")[0])
