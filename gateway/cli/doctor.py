"""`gateway doctor`: is everything as it must be? Each finding says what is wrong and what to do."""

import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta

import click
from sqlmodel import col, select

from gateway.app import open_gateway
from gateway.cli.care import stale_helplines
from gateway.cli.edge import as_json, print_json, settings_and_logs
from gateway.cli.refusals import as_sentence
from gateway.insight import pulse, queue
from gateway.models import Line
from gateway.occasions import limits
from gateway.outbox.budget import exhausted
from gateway.privacy import provider_copies
from gateway.privacy.trail import walk
from gateway.providers.protocol import ProviderError
from gateway.runtime import Gateway
from gateway.safety import duty
from gateway.work.rq_bell import answers

LATE_SECONDS = 300
STALE_AFTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `level`: well, look, broken."""

    area: str
    level: str
    sentence: str


@click.command()
@as_json
def doctor(is_json: bool) -> None:
    """Check settings, keys, database, queue, lines and, with credentials, the account at the provider."""
    findings = list(examine())
    if is_json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            mark = {"well": "✓", "look": "•", "broken": "✗"}[finding.level]
            click.echo(f"{mark} {finding.area}: {finding.sentence}")
    if any(finding.level == "broken" for finding in findings):
        sys.exit(1)


def examine() -> Iterator[Finding]:
    """Every finding, most basic first; what rests on something broken is not looked at."""
    try:
        settings = settings_and_logs()
    except Exception as error:
        sentence = as_sentence(error)
        if sentence is None:
            raise
        yield Finding("settings", "broken", sentence)
        return
    yield Finding("settings", "well", f"provider {settings.gateway_provider}, {settings.gateway_public_url}")
    try:
        gateway = open_gateway(settings)
    except Exception as error:
        sentence = as_sentence(error)
        if sentence is None:
            raise
        yield Finding("database and keys", "broken", sentence)
        return
    yield Finding("database and keys", "well", "up to date, and the keys fit")
    checks = (_redis, _queue, _balance, _insight, _lines, _budget, _audit, _copies, _duty, _crisis, _provider)
    for check in checks:
        yield from check(gateway)


def _redis(gateway: Gateway) -> Iterator[Finding]:
    if not gateway.settings.gateway_redis_url:
        yield Finding("workers", "well", "none needed: `gateway serve` does the work itself")
        return
    if answers(gateway.settings.gateway_redis_url):
        yield Finding("workers", "well", "Redis answers; run `gateway worker` and `gateway scheduler`")
    else:
        yield Finding("workers", "broken", "Redis does not answer; texts wait in the database until it does")


def _queue(gateway: Gateway) -> Iterator[Finding]:
    with gateway.db.reading() as session:
        now = queue.look(session, gateway.clock.now())
    ages = [age for age in (now.inbound_oldest_seconds, now.outbound_oldest_seconds) if age is not None]
    if ages and max(ages) > LATE_SECONDS:
        yield Finding("queue", "broken", f"a text has waited {max(ages):.0f} s; is a worker running?")
    else:
        yield Finding("queue", "well", f"{now.inbound_waiting} in and {now.outbound_due} out waiting")
    if now.held:
        yield Finding(
            "held",
            "look",
            f"{now.held} text{'s wait' if now.held > 1 else ' waits'} for a look: gateway held list",
        )
    if now.uncertain:
        yield Finding("uncertain", "look", f"{now.uncertain} texts are being looked up at the provider")
    if now.parked:
        yield Finding(
            "parked", "broken", f"{now.parked} texts are parked and need a person: gateway messages"
        )


def _balance(gateway: Gateway) -> Iterator[Finding]:
    with gateway.db.reading() as session:
        accepted, accounted = queue.balance(session)
        lost = queue.relayed_without_a_leg(session)
    if accepted != accounted or lost:
        yield Finding(
            "texts", "broken", f"{accepted - accounted + lost} texts have no known fate; report this"
        )
    else:
        yield Finding("texts", "well", f"{accepted} accepted, and the fate of each is known")


def _insight(gateway: Gateway) -> Iterator[Finding]:
    with gateway.db.reading() as session:
        until = pulse.refreshed_until(session)
    age = gateway.clock.now() - until if until else None
    if age is not None and age > STALE_AFTER:
        minutes = age // timedelta(minutes=1)
        yield Finding(
            "today", "look", f"who needs a human was worked out {minutes} min ago; is a scheduler running?"
        )


def _lines(gateway: Gateway) -> Iterator[Finding]:
    with gateway.db.reading() as session:
        lines = session.exec(select(Line).order_by(col(Line.id))).all()
    if not any(line.is_program for line in lines):
        yield Finding("lines", "look", "there is no program line: gateway lines add NUMBER --program")
    if not any(not line.is_program for line in lines):
        yield Finding("lines", "look", "there is no line to lend: gateway lines add NUMBER")
    for line in lines:
        if line.stopped_at:
            yield Finding(
                "lines",
                "broken",
                f"{line.number} is stopped ({line.stopped_why}); mend it, then: gateway lines start {line.number}",
            )
    if lines:
        yield Finding("lines", "well", f"{len(lines)} lines")


def _budget(gateway: Gateway) -> Iterator[Finding]:
    with gateway.db.reading() as session:
        scopes = exhausted(session, limits(gateway).budget, gateway.clock.now())
    if scopes:
        names = ", ".join(scope.partition(":")[2] for scope in scopes)
        yield Finding(
            "budget", "broken", f"nearly or wholly spent for {names}; see flows/program.yaml, budget"
        )
    else:
        yield Finding("budget", "well", "enough left for today and this month")


def _audit(gateway: Gateway) -> Iterator[Finding]:
    with gateway.db.reading() as session:
        broken = walk(session).broken_id
    if broken is not None:
        yield Finding("audit", "broken", f"entry {broken} was changed or one before it is missing")
    else:
        yield Finding("audit", "well", "the chain is whole")


def _copies(gateway: Gateway) -> Iterator[Finding]:
    """What the provider should no longer have, and what it still has for a reason: neither may be forgotten."""
    rules = provider_copies.Rules(gateway.provider.name, gateway.copies_kept)
    with gateway.db.reading() as session:
        late, kept = provider_copies.overdue(session, rules, gateway.clock.now())
    days = rules.kept.days
    if late:
        yield Finding(
            "copies",
            "look",
            f"{gateway.provider.name} still has its copies of {late} texts, which should have gone after {days} days; "
            "is a scheduler running? The log says why under copy_not_removed and copies_not_removed",
        )
    if kept:
        yield Finding(
            "copies",
            "look",
            f"{kept} texts older than {days} days stay at {gateway.provider.name}: a legal hold, an urgent alert that "
            "is open, or staff have still to decide on them or to read the thread of a picture",
        )


def _duty(gateway: Gateway) -> Iterator[Finding]:
    """Whoever is told tonight: a person on duty whose phone is known, or the phone that somebody always carries."""
    with gateway.db.reading() as session:
        now = gateway.clock.now()
        on_duty = [one for one in duty.on_duty(session, None, now) if one.phone_sealed]
        reachable = [one for one in duty.staff_of(session, None) if one.phone_sealed]
    if not on_duty and not gateway.alarms.on_call:
        yield Finding(
            "duty",
            "look",
            "nobody is on duty now and no on-call phone is set: gateway duty add, or on_call in flows/program.yaml",
        )
    if not reachable and not gateway.alarms.on_call:
        yield Finding("duty", "look", "no phone of staff is known: gateway duty phone EMAIL NUMBER")
    if on_duty or gateway.alarms.on_call:
        yield Finding("duty", "well", f"{len(on_duty)} on duty now")
    if gateway.mailbox is None:
        yield Finding("mail", "well", "not set up (GATEWAY_SMTP_URL): staff are told by text alone")


def _crisis(gateway: Gateway) -> Iterator[Finding]:
    for sentence in stale_helplines(gateway.content.charter, gateway.clock.now().date()):
        yield Finding("crisis", "look", sentence)


def _provider(gateway: Gateway) -> Iterator[Finding]:
    with gateway.db.reading() as session:
        numbers = list(session.exec(select(Line.number)))
    try:
        complaints = gateway.provider.check(numbers)
    except ProviderError as error:
        yield Finding("provider", "broken", f"{gateway.provider.name} does not answer ({error})")
        return
    for complaint in complaints:
        yield Finding("provider", "broken", complaint)
    if not complaints:
        yield Finding("provider", "well", f"{gateway.provider.name}: account and lines are in order")
