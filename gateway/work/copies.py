"""Removing the provider's own copies of texts, once their days are over. Run twice, or by two processes, it is harmless."""

import structlog

from gateway.privacy import provider_copies
from gateway.privacy.provider_copies import Copies, Rules
from gateway.providers.protocol import ProviderError, Retry, Trouble
from gateway.runtime import Gateway

log = structlog.get_logger()
MOST_COPIES = 200  # in one round
NOT_ASKED = (Trouble.BUSY, Trouble.DOWN, Trouble.CONFIGURATION)  # it says nothing about the text at hand
OF_ONE_TEXT = (Retry.NEVER, Retry.GENTLY)  # after any other, the rest need not be tried now


def remove_provider_copies(gateway: Gateway) -> int:
    """Every few minutes: have what is due removed, oldest first. Returns of how many texts nothing is left there.

    No transaction is open while the provider is asked. When it is busy or away, the round ends, and the next begins anew.
    """
    rules = Rules(gateway.provider.name, gateway.copies_kept)
    with gateway.db.reading() as session:
        waiting = provider_copies.due(session, rules, gateway.clock.now(), MOST_COPIES)
    removed = 0
    for copies in waiting:
        try:
            removed += _remove(gateway, rules, copies)
        except ProviderError as error:
            log.info("copies_not_removed", code=error.code, trouble=error.trouble.value)
            break
    return removed


def _remove(gateway: Gateway, rules: Rules, copies: Copies) -> bool:
    """Whether nothing of one text is left there. Raises ProviderError when the others need not be tried now."""
    with gateway.db.reading() as session:
        ids = provider_copies.ids_of(session, copies, rules, gateway.clock.now())
    if ids is None:
        return False
    try:
        for provider_message_id in ids:
            gateway.provider.forget(provider_message_id)
    except ProviderError as error:
        if error.trouble not in NOT_ASKED:
            with gateway.db.transaction() as session:
                provider_copies.put_off(session, copies, gateway.clock.now())
        if error.retry not in OF_ONE_TEXT:
            raise
        log.info("copy_not_removed", row=copies.id, code=error.code, trouble=error.trouble.value)
        return False
    with gateway.db.transaction() as session:
        provider_copies.removed(session, copies, gateway.clock.now())
    return True
