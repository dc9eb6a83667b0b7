"""`gateway chat`: plays a conversation or a prompt in the terminal, without phones or database. An empty line skips ahead."""

from pathlib import Path

import click

from gateway.cli.content import own_files
from gateway.flows.conversation import Flow
from gateway.flows.conversations import read_flows
from gateway.flows.player import Line, Player, every_step
from gateway.library import played_flow
from gateway.models import ContentKind
from gateway.people.directory import Refused
from gateway.prompts.catalogue import read_prompts


@click.command()
@click.argument("name")
@click.option(
    "--as",
    "role",
    type=click.Choice(["youth", "mentor", "guardian"]),
    help="Who you are; by default whom it is for.",
)
@click.option("--language", default="en", show_default=True)
@click.option(
    "--every", "is_every", is_flag=True, help="Show passages that come by every step, for proofreading."
)
@click.option(
    "--content",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="Folder of flows/ and prompts/.",
)
def chat(name: str, role: str | None, language: str, is_every: bool, content: Path) -> None:
    """Hold a conversation, or hear a prompt, as one of the people would.

    > is the program, < is you, ~ is time passing. An empty line skips ahead.
    """
    flow = _named(name, content)
    if role and role not in flow.for_:
        raise Refused(f"{name} is for {', '.join(flow.for_)}; add --as {flow.for_[0]}")
    if is_every:
        for passage in every_step(flow, language)[0]:
            _show(passage)
            click.echo()
        return
    player = Player(flow, language)
    _show(player.begin())
    while player.place and not player.place.has_ended:
        words = click.prompt("<", default="", show_default=False, prompt_suffix=" ")
        _show(player.hear(words)[1:] if words.strip() else player.skip())


def _named(name: str, content: Path) -> Flow:
    """A conversation of the folder, or a prompt as one. Raises Refused."""
    flows = read_flows(own_files(ContentKind.FLOWS, content / "flows")).by_slug
    if name in flows:
        return flows[name]
    prompts = read_prompts(own_files(ContentKind.PROMPTS, content / "prompts")).by_slug
    if name not in prompts:
        raise Refused(
            f"nothing is called {name!r}. Conversations: {', '.join(sorted(flows)) or 'none'}. "
            f"Prompts: {', '.join(sorted(prompts)) or 'none'}"
        )
    return played_flow(name, prompts[name])


def _show(lines: list[Line]) -> None:
    for line in lines:
        click.echo(str(line))
