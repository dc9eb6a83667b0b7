"""`gateway prompts` and `gateway flows`: loading a set of files, giving it back, beginning a conversation by hand."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from gateway.authored.changes import changes, difference
from gateway.authored.costs import PRICE, month_of
from gateway.authored.reading import yaml_files
from gateway.cli.edge import ACTOR, ROW_ID, as_json, opened, print_json
from gateway.editions.sets import cost_of
from gateway.flows import conversations
from gateway.flows.running import Start, start
from gateway.library import live_files, store
from gateway.models import ConsentKind, ContentKind
from gateway.people.consent import has_consent
from gateway.people.directory import Refused, person_with_key
from gateway.privacy.audit import audit
from gateway.prompts import agenda
from gateway.runtime import Gateway
from gateway.work.jobs import ring

path_to_load = click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path))
folder_to_fill = click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
pairs_option = click.option("--pairs", type=click.IntRange(1), default=100, show_default=True)
price_option = click.option("--price", type=click.FloatRange(0), default=PRICE, show_default=True)


@click.group()
def prompts() -> None:
    """What the program says by itself."""


@click.group()
def flows() -> None:
    """Conversations on the program line."""


def _set_commands(group: click.Group, kind: ContentKind, what: str) -> None:
    """`load` and `export`, alike for both kinds."""

    @group.command(
        "load",
        help=f"Put a folder of {what} in use, whole or not at all; shows what changes and what it costs.",
    )
    @path_to_load
    @pairs_option
    @price_option
    @as_json
    def load(path: Path, pairs: int, price: float, is_json: bool) -> None:
        _load(kind, path, pairs, price, is_json)

    @group.command("export", help=f"Write the {what} in use to a new folder.")
    @folder_to_fill
    def write_out(folder: Path) -> None:
        export(kind, folder)


_set_commands(prompts, ContentKind.PROMPTS, "prompts")
_set_commands(flows, ContentKind.FLOWS, "conversations")


@prompts.command("tag")
@click.argument("match_id", type=ROW_ID, metavar="MATCH")
@click.argument("tags", nargs=-1)
def tag(match_id: int, tags: tuple[str, ...]) -> None:
    """Set the tags of a match, as in: gateway prompts tag 7 grade12."""
    gateway = opened()
    with gateway.db.transaction() as session:
        agenda.tag(session, match_id, tags, gateway.clock.now())
    click.echo(f"Match {match_id}: {', '.join(tags) or 'no tags'}.")


@flows.command("start")
@click.argument("slug")
@click.argument("key")
@click.option(
    "--date", "moment", type=click.DateTime(["%Y-%m-%d"]), help="The day that the conversation names."
)
def start_flow(slug: str, key: str, moment: datetime | None) -> None:
    """Begin a conversation with one person, now or after the one that runs."""
    gateway = opened()
    with gateway.db.transaction() as session:
        now, live = gateway.clock.now(), gateway.library.live(session)
        if slug not in live.flows.by_slug:
            raise Refused(
                f"there is no flow {slug!r}; there are: {', '.join(sorted(live.flows.by_slug)) or 'none'}"
            )
        flow = live.flows.by_slug[slug]
        if moment is None and flow.names_a_day:
            raise Refused(f"{slug} names a day; add it, as in --date 2027-06-18")
        person = person_with_key(session, key)
        if not (flow.asks_for_consent or has_consent(session, person.id or 0, ConsentKind.TEXTING)):
            raise Refused(f"{key} has not agreed to texts; only a conversation that asks for that may begin")
        wanted = Start(
            slug,
            live.flows_version,
            person.id or 0,
            f"staff:{slug}:{person.id}:{now.isoformat()}",
            day=moment.date() if moment else None,
        )
        lines = start(session, gateway.talk, wanted, now)
        audit(session, ACTOR, "flow.start", f"participant:{person.id}", now, {"flow": slug})
    ring(gateway, lines)
    click.echo(f"{slug} begins with {key}.")


def _load(kind: ContentKind, path: Path, pairs: int, price: float, is_json: bool) -> None:
    gateway, files = opened(), own_files(kind, path)
    if not files:
        raise Refused(f"{path} holds no .yaml file")
    found = cost_of(kind, files)
    with gateway.db.transaction() as session:
        now, before = gateway.clock.now(), live_files(session, kind)
        version = store(session, kind, files, now)
        audit(session, ACTOR, f"{kind}.load", f"version:{version}", now, {"files": len(files)})
    made = changes(before, files)
    month = round(month_of(found, pairs, price), 2)
    if is_json:
        print_json({"version": version, **asdict(made), "month": month})
        return
    for line in difference(before, files):
        click.echo(line)
    click.echo(
        f"Version {version} is in use: {len(made.new)} new, {len(made.changed)} changed, {len(made.gone)} gone."
    )
    click.echo(f"About {month:.2f} a month for {pairs} pairs at {price} a segment.")


def own_files(kind: ContentKind, path: Path) -> dict[str, bytes]:
    """The files of one kind in a folder; the program's charter and texts are read from disk at every start."""
    return {
        name: source
        for name, source in yaml_files(path).items()
        if not name.startswith(conversations.CHARTERS)
    }


def export(kind: ContentKind, folder: Path) -> None:
    """Write a kind's files in use to a new folder. Raises Refused."""
    gateway = opened()
    if folder.exists() and any(folder.iterdir()):
        raise Refused(f"{folder} is not empty; name a new folder")
    with gateway.db.reading() as session:
        files = live_files(session, kind)
    for name, source in files.items():
        target = folder / name
        if not target.resolve().is_relative_to(folder.resolve()):
            raise Refused(f"{name} would be written outside {folder}")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source)
    click.echo(f"{len(files)} files in {folder}.")


def load_first(gateway: Gateway) -> None:
    """For the sample: put the content folder's own files in use, unless a set is in use already.

    A real program says nothing until its staff have read the files and loaded them.
    """
    for kind in ContentKind:
        with gateway.db.transaction() as session:
            folder = gateway.settings.gateway_content / kind.value
            if folder.is_dir() and not live_files(session, kind) and (files := own_files(kind, folder)):
                store(session, kind, files, gateway.clock.now())
