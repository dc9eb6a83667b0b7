"""The command `gateway`. Exit codes: 0 done, 1 refused with a clear sentence, 2 wrong usage."""

import sys
from importlib import import_module

import click

COMMANDS = {
    "migrate": "serve:migrate",
    "serve": "serve:serve",
    "worker": "serve:worker",
    "scheduler": "serve:scheduler",
    "demo": "demo:demo",
    "check": "check:check",
    "doctor": "doctor:doctor",
    "keys": "keys:keys",
    "prompts": "content:prompts",
    "flows": "content:flows",
    "chat": "chat:chat",
    "simulate": "simulate:simulate",
    "people": "people:people",
    "lines": "lines:lines",
    "match": "matches:match",
    "messages": "messages:messages",
    "held": "held:held",
    "staff": "staff:staff",
    "alerts": "alerts:alerts",
    "audit": "audit:audit",
    "answers": "answers:answers",
    "insight": "insight:insight",
    "duty": "duty:duty",
    "hold": "hold:hold",
    "backup": "backup:backup",
    "restore": "backup:restore",
    "segments": "texts:segments",
    "keyword": "texts:keyword",
    "screen": "screening:screen",
    "screening": "screening:screening",
}


class Lazy(click.Group):
    """Loads a command's module when it is asked for: `gateway segments` needs no database."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command = getattr(import_module(f"gateway.cli.{module}"), name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="passerelle", prog_name="gateway")
def cli() -> None:
    """Passerelle: an SMS-first mentoring gateway."""


def main() -> None:
    """Run a command; whatever a person can mend is said in a sentence, without a stack trace."""
    try:
        cli(prog_name="gateway")
    except Exception as error:
        from gateway.cli.refusals import as_sentence  # noqa: PLC0415 - 50 MB that the parent of `serve` can do without

        sentence = as_sentence(error)
        if sentence is None:
            raise
        click.echo(sentence, err=True)
        sys.exit(1)
