"""The blueprint of the pages about people, and what they share."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response

from gateway.db import Session
from gateway.models import Participant
from gateway.people.access import Viewer, person_for
from gateway.web.console.once import Done, once
from gateway.web.current import current_gateway
from gateway.web.languages import current_language, link

blueprint = Blueprint("people", __name__)
Deed = Callable[[Session, Participant, datetime], Done]


def do(viewer: Viewer, uid: str, deed: Deed) -> Response:
    """One act on one person, once."""
    return once(viewer, lambda session, now: deed(session, person_for(session, viewer, uid), now))


def back(uid: str) -> str:
    return link("people.show", uid=uid)


def interest_words() -> dict[str, str]:
    """The program's interests by tag, in the page's language."""
    labels = current_gateway().content.charter.interests
    language = current_language()
    return {tag: said.get(language) or said["en"] for tag, said in labels.items()}
