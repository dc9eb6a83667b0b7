"""What the program says by itself, and what people answered."""

from gateway.privacy.inventory.forms import ID, PERSON, ROW, Kept, personal, program, sealed, staff

SPEAKING: dict[str, dict[str, Kept]] = {
    "content_versions": {
        **ID,
        "kind": program("prompts, conversations or rules of the screen"),
        "hash": program("tells one version from another"),
        "files": program("the words of staff, so that what was sent keeps the version that said it"),
        "created_at": program("when it was loaded"),
        "live_at": program("since when it is in use"),
    },
    "content_proposals": {
        **ID,
        "uid": program("names it in addresses"),
        "kind": program("prompts, conversations or rules"),
        "files": program("the words of staff, until they are put in use or given up"),
        "based_on_id": program("so that nobody undoes a colleague's change unseen"),
        "staff_id": staff("who wants it"),
        "created_at": staff("when; it is thrown away some days later"),
        "used_at": staff("when it was put in use"),
    },
    "agendas": {
        "match_id": personal(PERSON),
        "next_look_at": program("when something may be due"),
        "tags": personal("which activities fit the match"),
        "closing_at": personal("since when the match is ending"),
        "ends_on": personal("the last day of a match whose end is planned"),
        "failures": program("how often in a row it could not be looked at"),
    },
    "person_agendas": {
        "participant_id": personal(PERSON),
        "next_look_at": program("when something may be due"),
        "failures": program("how often in a row it could not be looked at"),
    },
    "runs": {
        **ROW,
        "dedupe_key": program("one conversation for one occasion"),
        "participant_id": personal(PERSON),
        "match_id": personal(PERSON),
        "flow": personal("which conversation"),
        "version_id": program("it ends as it began"),
        "state": personal("whether it waits, goes on or has ended"),
        "step": personal("where it stands"),
        "state_sealed": sealed("what was answered so far"),
        "steps_made": program("names each text that it says, once"),
        "failures": program("how often in a row it could not be moved on"),
        "wake_at": program("when to go on without an answer"),
        "created_at": personal("when it was asked for"),
        "ended_at": personal("when it ended"),
    },
    "answers": {
        **ROW,
        "participant_id": personal(PERSON),
        "match_id": personal(PERSON),
        "run_id": personal("the conversation that asked"),
        "question": personal("the question, by its short name"),
        "value_sealed": sealed("what the person answered, for staff and for outcomes"),
        "at": personal("when"),
    },
}
