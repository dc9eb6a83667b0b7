"""What is kept, column by column: what it is, whose it is, whether it is sealed, and why it is kept.

A column that is not listed here fails the build, so that nothing about a person is stored without a reason.
"""

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


def _sealed(why: str, whose: Whose = Whose.PARTICIPANT) -> Kept:
    return Kept(whose, Form.SEALED, why)


def _index(why: str, whose: Whose = Whose.PARTICIPANT) -> Kept:
    return Kept(whose, Form.INDEX, why)


def _personal(why: str) -> Kept:
    return Kept(Whose.PARTICIPANT, Form.PLAIN, why)


def _staff(why: str) -> Kept:
    return Kept(Whose.STAFF, Form.PLAIN, why)


def _community(why: str) -> Kept:
    return Kept(Whose.COMMUNITY, Form.PLAIN, why)


def _program(why: str) -> Kept:
    return Kept(Whose.PROGRAM, Form.PLAIN, why)


_ROW = {
    "id": _program("names the row"),
    "uid": _program("names the row in addresses, and binds what it seals"),
}
_ID = {"id": _program("names the row")}
_PERSON = "ties the row to the person, so that it can be exported and erased with the rest"

INVENTORY: dict[str, dict[str, Kept]] = {
    "communities": {
        **_ROW,
        "slug": _community("its short name in lists and commands"),
        "name": _community("its name on pages"),
        "data_key_uid": _community("the key that seals all that belongs to it"),
        "created_at": _community("since when it takes part"),
    },
    "participants": {
        **_ROW,
        "community_id": _personal("who owns this person's data"),
        "key": _personal("the program's own short name for the person; choose one that tells nothing"),
        "role": _personal("youth, mentor or guardian: what the gates ask for"),
        "name_sealed": _sealed("greets a group with the first name; staff must know whom they serve"),
        "phone_sealed": _sealed("texts are sent to it"),
        "phone_index": _index("finds the person when a text comes in"),
        "language": _personal("the program speaks it to the person"),
        "timezone": _personal("keeps quiet hours where the person lives"),
        "nights_quiet": _personal("the person asked for quiet nights"),
        "prompts_paused": _personal("the person asked for no activities"),
        "screened_on": _personal("a mentor's check is renewed every three years"),
        "trained_on": _personal("a mentor is trained before a match"),
        "unreachable_since": _personal("holds program texts while the phone is away"),
        "number_doubted_at": _personal("holds texts until staff know whose phone it is"),
        "number_verified_at": _personal("when staff last made sure of the number"),
        "created_at": _personal("since when the person takes part"),
    },
    "consents": {
        **_ID,
        "participant_id": _personal(_PERSON),
        "kind": _personal("to what"),
        "state": _personal("given, withdrawn or awaited"),
        "how": _personal("how it was given: proof that the law asks for"),
        "wording_version": _personal("which words were agreed to"),
        "language": _personal("in which language"),
        "at": _personal("when"),
    },
    "opt_outs": {
        "phone_index": _index("which phone asked us to stop; outlives an erasure, or we would text it again"),
        "active": _personal("whether the STOP stands"),
        "how": _personal("by a word, by its network or through staff"),
        "changed_at": _personal("when"),
    },
    "number_changes": {
        "participant_id": _personal("whose number is to change"),
        "phone_index": _index("the number it is to become"),
        "code_index": _index("the code that the new phone was sent"),
        "tries": _personal("wrong codes so far: five end it"),
        "asked_at": _personal("a code is good for a day"),
    },
    "staff": {
        **_ROW,
        "community_id": _staff("whose people this person may see"),
        "role": _staff("what this person may do"),
        "email_sealed": _sealed("to sign in and be told", Whose.STAFF),
        "email_index": _index("finds the account", Whose.STAFF),
        "created_at": _staff("since when"),
        "disabled_at": _staff("until when"),
    },
    "lines": {
        **_ID,
        "number": _program("a number of ours; no person's"),
        "kind": _program("sets its pace and cost"),
        "is_program": _program("whether the program speaks from it"),
        "segments_per_second": _program("the pace that its network allows"),
        "next_slot_at": _program("keeps that pace among all workers"),
        "stopped_at": _program("since when it is out of order"),
        "stopped_why": _program("the provider's code, for an operator"),
        "created_at": _program("since when we have it"),
    },
    "tallies": {
        "scope": Kept(
            Whose.PARTICIPANT, Form.PLAIN, "the day or month, and the keyed index of a phone: the budget"
        ),
        "segments": _program("what was spent"),
    },
    "matches": {
        **_ROW,
        "community_id": _community("who owns the thread"),
        "state": _personal("whether texts pass"),
        "pause_why": _personal("staff's reason, in a word or two"),
        "close_why": _personal("staff's reason; must name nobody"),
        "created_at": _personal("how long a match lasts is the first thing that mentoring is judged by"),
        "closed_at": _personal("how long it lasted"),
    },
    "members": {
        **_ID,
        "match_id": _personal("in which match"),
        "participant_id": _personal(_PERSON),
        "line_id": _personal("which line the person texts"),
        "phone_index": _index("sends what comes from this phone to the right match"),
        "mask_state": _personal("whether the line passes texts, rests or is free"),
        "lent_at": _personal("since when"),
        "cool_until": _personal("how long a late text could still reach the wrong partner"),
    },
    "inbound_messages": {
        **_ROW,
        "provider": _program("which company brought it"),
        "provider_message_id": _program("so that a text that comes twice counts once"),
        "from_index": _index("whose text it is"),
        "from_sealed": _sealed("to answer, and to find it at the provider"),
        "to_number": _program("which of our lines it was sent to"),
        "body_sealed": _sealed("what was written: passed on, and kept for safety until its time is over"),
        "media_types": _personal("that a picture or file was there; the thing itself is not kept"),
        "received_at": _personal("when it came"),
        "sent_at": _personal("when it was written, by the provider's clock: a late text says so"),
        "is_replayed": _program("taken in again after a restore, so it is looked up before anything is sent"),
        "state": _program("handled or not"),
        "outcome": _personal("what became of it: nothing is lost without a trace"),
        "reason": _personal("why it was not passed on"),
        "failures": _program("how often handling it failed"),
        "handled_at": _program("when it was handled"),
        "participant_id": _personal(_PERSON),
        "match_id": _personal("in which thread staff find it"),
    },
    "outbound_messages": {
        **_ROW,
        "dedupe_key": _program("made of ids: nothing is queued twice"),
        "kind": _program("why it was sent"),
        "priority": _program("what leaves first"),
        "lane": _program("what must leave in order"),
        "wording": _program("the key of a text of ours"),
        "state": _personal("where it is"),
        "reason": _personal("why it did not leave or arrive"),
        "line_id": _program("from which line"),
        "participant_id": _personal(_PERSON),
        "match_id": _personal("in which thread staff find it"),
        "inbound_id": _personal("which text it passes on or answers"),
        "to_index": _index("stops it when the phone says STOP"),
        "to_sealed": _sealed("where it goes; erased with the person"),
        "body_sealed": _sealed("what was sent"),
        "encoding": _program("what it cost"),
        "segments": _program("what it cost"),
        "not_before": _program("quiet hours, retries and scheduling"),
        "expires_at": _program("a late reminder is worse than none"),
        "created_at": _program("how long it waited"),
        "written_at": _personal("when its writer sent it: a late text says so"),
        "attempts": _program("how often it was tried"),
        "gentle_retries": _program("how often after it was accepted"),
        "claimed_at": _program("who sends it, since when"),
        "claimed_by": _program("which process sends it"),
        "looked_up": _program("how often the provider was asked what became of it"),
        "parked_at": _program("since when staff must look"),
        "provider": _program("which company took it"),
        "provider_message_id": _program("the name of the text there, to have it deleted there as well"),
        "error_code": _program("what the provider said"),
        "sent_at": _personal("when it left"),
        "settled_at": _personal("when its fate was known"),
        "polled": _program("how often the provider was asked later"),
    },
    "receipts": {
        **_ID,
        "provider_message_id": _program("which text it is about"),
        "reference": _program("our own id of that text"),
        "status": _personal("delivered or not"),
        "error_code": _program("what the network said"),
        "received_at": _personal("when it was told"),
        "applied_at": _program("whether its text knows"),
    },
    "audit_entries": {
        **_ID,
        "at": _staff("when"),
        "actor": _staff("who acted"),
        "action": _staff("what was done"),
        "subject": _staff("to which row, by its id"),
        "detail": _staff("ids and plain facts; a waiver's reason, in staff's own words"),
        "previous_hash": _program("chains the entries, so that a missing one shows"),
        "hash": _program("chains the entries, so that a changed one shows"),
    },
    "data_keys": {
        "uid": _program("names the key in what it sealed"),
        "wrapped": Kept(Whose.PROGRAM, Form.SEALED, "the key itself, sealed by the ring of the settings"),
        "created_at": _program("how old it is"),
        "destroyed_at": _program("since when all that it sealed is gone"),
    },
    "installations": {
        **_ID,
        "data_key_uid": _program("the key for what belongs to no community yet"),
        "index_check": Kept(Whose.PROGRAM, Form.INDEX, "refuses a wrong index key at the start"),
        "created_at": _program("since when"),
        "inbound_read_until": _program("how far the provider's list has been read"),
        "restored_at": _program("when a backup was put back, so that nothing old leaves again"),
    },
    "workers": {
        "token": _program("names a process"),
        "beat_at": _program("when it last said that it is alive"),
    },
    "content_versions": {
        **_ID,
        "kind": _program("prompts or conversations"),
        "hash": _program("tells one version from another"),
        "files": _program("the words of staff, so that what was sent keeps the version that said it"),
        "created_at": _program("when it was loaded"),
        "live_at": _program("since when it is in use"),
    },
    "agendas": {
        "match_id": _personal(_PERSON),
        "next_look_at": _program("when something may be due"),
        "tags": _personal("which activities fit the match"),
        "closing_at": _personal("since when the match is ending"),
    },
    "runs": {
        **_ROW,
        "dedupe_key": _program("one conversation for one occasion"),
        "participant_id": _personal(_PERSON),
        "match_id": _personal(_PERSON),
        "flow": _personal("which conversation"),
        "version_id": _program("it ends as it began"),
        "state": _personal("whether it waits, goes on or has ended"),
        "step": _personal("where it stands"),
        "state_sealed": _sealed("what was answered so far"),
        "steps_made": _program("names each text that it says, once"),
        "wake_at": _program("when to go on without an answer"),
        "created_at": _personal("when it was asked for"),
        "ended_at": _personal("when it ended"),
    },
    "answers": {
        **_ROW,
        "participant_id": _personal(_PERSON),
        "match_id": _personal(_PERSON),
        "run_id": _personal("the conversation that asked"),
        "question": _personal("the question, by its short name"),
        "value_sealed": _sealed("what the person answered, for staff and for outcomes"),
        "at": _personal("when"),
    },
    "alerts": {
        **_ID,
        "participant_id": _personal(_PERSON),
        "run_id": _personal("the conversation that raised it"),
        "reason": _personal("why a human must look"),
        "at": _personal("when"),
        "seen_at": _staff("when staff had looked"),
    },
}
