"""The installation, its keys, its workers and its audit trail."""

from gateway.privacy.inventory.forms import ID, Form, Kept, Whose, program, staff

HOUSE: dict[str, dict[str, Kept]] = {
    "audit_entries": {
        **ID,
        "at": staff("when"),
        "actor": staff("who acted"),
        "action": staff("what was done"),
        "subject": staff("to which row, by its id"),
        "detail": staff("ids and plain facts; a waiver's reason, in staff's own words"),
        "previous_hash": program("chains the entries, so that a missing one shows"),
        "hash": program("chains the entries, so that a changed one shows"),
    },
    "data_keys": {
        "uid": program("names the key in what it sealed"),
        "wrapped": Kept(Whose.PROGRAM, Form.SEALED, "the key itself, sealed by the ring of the settings"),
        "created_at": program("how old it is"),
        "destroyed_at": program("since when all that it sealed is gone"),
    },
    "installations": {
        **ID,
        "data_key_uid": program("the key for what belongs to no community yet"),
        "index_check": Kept(Whose.PROGRAM, Form.INDEX, "refuses a wrong index key at the start"),
        "created_at": program("since when"),
        "inbound_read_until": program("how far the provider's list has been read"),
        "insight_read_until": program("how far the log has been read for the numbers"),
        "restored_at": program("when a backup was put back, so that nothing old leaves again"),
    },
    "workers": {
        "token": program("names a process"),
        "beat_at": program("when it last said that it is alive"),
    },
}
