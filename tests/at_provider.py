"""What the simulated provider still has of our texts, and the job that takes it away."""

from datetime import timedelta

from gateway.privacy import provider_copies
from gateway.privacy.provider_copies import Rules
from gateway.providers.protocol import ProviderError
from gateway.work import copies
from tests.world import NOON, World


def at_provider(world: World) -> list[str]:
    """The words of every text of ours that the provider still has: those that came, then those that left."""
    came = {text.provider_message_id for text in world.network.received_since(NOON)}
    with world.gateway.db.reading() as session:
        texts = [
            session.open(row, "body_sealed") for row in world.inbound() if row.provider_message_id in came
        ]
        legs = [
            session.open(row, "body_sealed")
            for row in world.outbound()
            if has_sent(world, row.provider_message_id)
        ]
    return texts + legs


def has_sent(world: World, provider_message_id: str | None) -> bool:
    try:
        return provider_message_id is not None and bool(world.network.status_of(provider_message_id))
    except ProviderError:
        return False


def after(world: World, days: float) -> int:
    """So many days go by, and the job makes one round. Of how many texts nothing is left at the provider."""
    world.clock.wait(timedelta(days=days).total_seconds())
    return copies.remove_provider_copies(world.gateway)


def late(world: World) -> tuple[int, int]:
    with world.gateway.db.reading() as session:
        rules = Rules(world.gateway.provider.name, world.gateway.copies_kept)
        return provider_copies.overdue(session, rules, world.clock.now())
