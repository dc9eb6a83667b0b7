"""Notes beside a thread, for staff only, sealed with the key of the community."""

from datetime import datetime

from gateway.db import Session
from gateway.models import Match, Note
from gateway.oversight.acting import By
from gateway.people.directory import Refused, data_key_of
from gateway.privacy.audit import audit

LONGEST_NOTE = 2_000  # characters


def add_note(session: Session, by: By, match: Match, words: str, now: datetime) -> Note:
    """Keep a note. Raises Refused when it is empty or too long."""
    words = words.strip()
    if not words or len(words) > LONGEST_NOTE:
        raise Refused(f"write a note of at most {LONGEST_NOTE} characters")
    note = Note(match_id=match.id or 0, staff_id=by.staff_id, body_sealed=b"", at=now)
    session.seal(note, "body_sealed", words, data_key_of(session, match.community_id))
    session.add(note)
    session.flush()
    audit(session, by.actor, "note.add", f"match:{match.id}", now, {"note": note.id})
    return note
