"""What the console keeps so that staff can sign in, and nobody else."""

from gateway.privacy.inventory.forms import ID, Kept, Whose, index, sealed, staff

CONSOLE: dict[str, dict[str, Kept]] = {
    "credentials": {
        "staff_id": staff("whose"),
        "uid": staff("binds what is sealed to this row"),
        "password_sealed": sealed("a hash that the password is checked against", Whose.STAFF),
        "password_changed_at": staff("when it was set"),
        "totp_sealed": sealed("the secret of the second factor", Whose.STAFF),
        "totp_set_at": staff("since when there is a second factor"),
        "totp_step": staff("a code is good once"),
    },
    "recovery_codes": {
        **ID,
        "staff_id": staff("whose"),
        "code_index": index("a code that stands in for a lost phone", Whose.STAFF),
        "made_at": staff("when"),
        "used_at": staff("a code is good once"),
    },
    "uploads": {
        **ID,
        "uid": staff("names the file between two pages, and binds what it seals"),
        "staff_id": staff("who sent it, and alone may confirm it"),
        "content_sealed": sealed("a list of people that was not confirmed yet; gone within two hours"),
        "at": staff("when it came"),
    },
    "staff_sessions": {
        **ID,
        "uid": staff("names the session in its owner's list, and binds what it seals"),
        "staff_id": staff("who is signed in"),
        "token_index": index("recognises the browser", Whose.STAFF),
        "device": staff("a coarse word, so that its owner can tell one from another"),
        "made_at": staff("since when"),
        "seen_at": staff("ends the session when nobody is there"),
        "expires_at": staff("ends the session in any case"),
        "ended_at": staff("until when"),
        "second_factor_at": staff("whether the second factor was shown"),
        "pending_sealed": sealed("a second factor that is being set up", Whose.STAFF),
    },
    "staff_tokens": {
        **ID,
        "staff_id": staff("whom the link lets in"),
        "kind": staff("an invitation, or a new password"),
        "token_index": index("recognises the link", Whose.STAFF),
        "made_at": staff("when it was made"),
        "expires_at": staff("until when it works"),
        "ended_at": staff("a link works once"),
    },
    "sign_in_tries": {
        **ID,
        "account_index": index("stops guessing at one account; kept for a day", Whose.STAFF),
        "address_index": index("stops guessing from one address; kept for a day", Whose.STAFF),
        "result": staff("whether the guess was right"),
        "at": staff("when"),
    },
    "submissions": {
        **ID,
        "staff_id": staff("who sent the form"),
        "uid": staff("names the form, so that it is done once"),
        "next_page": staff("where its sender went next"),
        "said_sealed": sealed("what its sender was told; kept for two days", Whose.STAFF),
        "tone": staff("whether that was good news"),
        "at": staff("when"),
    },
}
