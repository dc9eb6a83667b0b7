"""`gateway screen`: what the rules say of texts. `gateway screening`: putting a set of rules in use, giving it back."""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import click

from gateway.authored.changes import changes
from gateway.authored.reading import yaml_files
from gateway.cli.content import export, folder_to_fill, own_files, path_to_load
from gateway.cli.edge import ACTOR, as_json, opened, print_json, print_table
from gateway.library import decoded, live_files, shipped_rules, store
from gateway.models import ContentKind
from gateway.people.directory import Refused
from gateway.privacy.audit import audit
from gateway.safety import screen as screening_of
from gateway.safety.screen import Rules, Screened, Verdict, Writer
from gateway.safety.screen.reading import read_rules
from gateway.settings import SettingsRefused, read_settings

LANGUAGES = ("en", "fr")
FORM = '{"text": "…", "language": "en" or "fr", "from": "youth" or "mentor"}'
SHOWN = 200  # alarms of a stream that are listed; all are counted


@dataclass(frozen=True)
class Asked:
    """One text to screen. `recent` are the writer's texts before it, oldest first."""

    text: str
    language: str
    writer: Writer
    recent: tuple[str, ...] = ()


@click.command("screen")
@click.argument("words", required=False)
@click.option(
    "--stream",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Ordinary texts, one a line.",
)
@click.option(
    "--from", "writer", type=click.Choice([one.value for one in Writer]), default="youth", show_default=True
)
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option(
    "--rules",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of rules.",
)
@click.option("--live", is_flag=True, help="Use the rules in use, from the database.")
@as_json
def screen(
    words: str | None,
    stream: Path | None,
    writer: str,
    language: str,
    folder: Path | None,
    live: bool,
    is_json: bool,
) -> None:
    """What the rules say of WORDS, and why.

    Without WORDS, read {"text": …, "language": …, "from": …} lines and print verdict and findings of each.
    With --stream, read a file of ordinary texts (plain lines, or such objects) and print alarms per 1,000.
    """
    rules = _live_rules() if live else read_rules(decoded(yaml_files(folder)) if folder else _shipped())
    usual = Asked("", language, Writer(writer))
    if stream:
        _print_alarms(rules, stream, usual, is_json)
        return
    if words is not None:
        _print_reasons(rules, replace(usual, text=words), is_json)
        return
    for asked in _asked(sys.stdin.buffer, usual, takes_plain=False):
        print_json(_facts(_screened(rules, asked)))


@click.group()
def screening() -> None:
    """The rules by which texts are screened."""


@screening.command("load")
@path_to_load
@as_json
def load(path: Path, is_json: bool) -> None:
    """Put a folder of rules in use, whole or not at all; every example in them is tried first."""
    gateway, files = opened(), own_files(ContentKind.SCREENING, path)
    if not files:
        raise Refused(f"{path} holds no .yaml file")
    with gateway.db.transaction() as session:
        now, before = gateway.clock.now(), live_files(session, ContentKind.SCREENING)
        version = store(session, ContentKind.SCREENING, files, now)
        audit(session, ACTOR, "screening.load", f"version:{version}", now, {"files": len(files)})
    made = changes(before, files)
    if is_json:
        print_json({"version": version, **asdict(made)})
        return
    click.echo(
        f"Version {version} is in use: {len(made.new)} new, {len(made.changed)} changed, {len(made.gone)} gone."
    )


@screening.command("export")
@folder_to_fill
def export_rules(folder: Path) -> None:
    """Write the rules in use to a new folder."""
    export(ContentKind.SCREENING, folder)


def _live_rules() -> Rules:
    gateway = opened()
    with gateway.db.reading() as session:
        return gateway.library.rules(session)


def _shipped() -> dict[str, str]:
    """The rules of the content folder; without settings, those of this folder. Raises AuthoringRefused."""
    try:
        folder = read_settings().gateway_content
    except SettingsRefused:
        folder = Path()
    return shipped_rules(folder)


def _screened(rules: Rules, asked: Asked) -> Screened:
    return screening_of.screen(rules, asked.text, asked.language, asked.writer, asked.recent)


def _print_reasons(rules: Rules, asked: Asked, is_json: bool) -> None:
    """The verdict on one text, as the policy writes it; for a person, each finding with its reason."""
    screened = _screened(rules, asked)
    if is_json:
        print_json(_facts(screened))
        return
    waits_too = screened.is_held and screened.verdict is Verdict.ESCALATE
    click.echo(f"{screened.verdict.value}+hold" if waits_too else screened.verdict.value)
    if explained := screening_of.explain(rules, screened, asked.text):
        rows = [(one.category.value, one.words, one.rule, one.why) for one in explained]
        print_table("Found", ("category", "words", "rule", "why"), rows)


def _facts(screened: Screened) -> dict[str, object]:
    return {
        "verdict": screened.verdict.value,
        "findings": [
            {"category": one.category.value, "rule": one.rule, "span": list(one.span)}
            for one in screened.findings
        ],
    }


def _asked(lines: Iterable[bytes], usual: Asked, *, takes_plain: bool) -> Iterator[Asked]:
    """Each line that is not blank. Exits 1 at one that cannot be read."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        is_plain = takes_plain and not line.lstrip().startswith(b"{")
        asked = _plain(line, usual) if is_plain else _object(line, usual)
        if asked is None:
            click.echo(f"Line {number} is not {FORM}; write one JSON object a line, in UTF-8.", err=True)
            sys.exit(1)
        yield asked


def _plain(line: bytes, usual: Asked) -> Asked:
    return Asked(line.decode(errors="replace").strip(), usual.language, usual.writer)


def _object(line: bytes, usual: Asked) -> Asked | None:
    try:
        facts = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return _from_facts(facts, usual) if isinstance(facts, dict) else None


def _from_facts(facts: dict[str, Any], usual: Asked) -> Asked | None:
    text, language = facts.get("text"), facts.get("language", usual.language)
    writer, recent = facts.get("from", usual.writer), facts.get("recent", [])
    if not isinstance(text, str) or not isinstance(language, str) or writer not in list(Writer):
        return None
    if not isinstance(recent, list) or not all(isinstance(one, str) for one in recent):
        return None
    return Asked(text, language, Writer(writer), tuple(recent))


def _print_alarms(rules: Rules, stream: Path, usual: Asked, is_json: bool) -> None:
    """How often ordinary texts raise an alarm. Names lines and rules, never words."""
    total = 0
    by_category: Counter[str] = Counter()
    by_verdict: Counter[str] = Counter()
    alarms: list[tuple[int, str, str]] = []
    with stream.open("rb") as lines:
        for total, asked in enumerate(_asked(lines, usual, takes_plain=True), start=1):
            screened = _screened(rules, asked)
            if screened.findings:
                by_verdict[screened.verdict.value] += 1
                by_category.update({one.category.value for one in screened.findings})
                alarms.append(
                    (total, screened.verdict.value, ", ".join(one.rule for one in screened.findings))
                )
    if is_json:
        facts = [
            {"text": number, "verdict": verdict, "rules": names.split(", ")}
            for number, verdict, names in alarms
        ]
        counts = {"texts": total, "per_thousand": _per_thousand({**by_verdict, **by_category}, total)}
        print_json({**counts, "alarms": facts})
        return
    print_table("Alarms", ("text", "verdict", "rules"), alarms[:SHOWN])
    for name, rate in _per_thousand({**by_verdict, **by_category}, total).items():
        click.echo(f"{name}: {rate} per 1,000")
    click.echo(f"{total} texts, {len(alarms)} with a finding.")


def _per_thousand(counts: dict[str, int], total: int) -> dict[str, float]:
    return {name: round(1000 * count / total, 2) for name, count in sorted(counts.items())} if total else {}
