"""`gateway chat`: plays a conversation in the terminal, without phones or database. An empty line skips ahead."""

from pathlib import Path

import click

from gateway.authored.reading import yaml_files
from gateway.flows.conversations import read_flows
from gateway.flows.player import Line, Player, every_step
from gateway.people.directory import Refused


@click.command()
@click.argument("flow")
@click.option(
    "--as", "role", type=click.Choice(["youth", "mentor", "guardian"]), default="youth", show_default=True
)
@click.option("--language", default="en", show_default=True)
@click.option(
    "--every", "is_every", is_flag=True, help="Show passages that come by every step, for proofreading."
)
@click.option("--flows", "folder", type=click.Path(path_type=Path), default=Path("flows"), show_default=True)
def chat(flow: str, role: str, language: str, is_every: bool, folder: Path) -> None:
    """Hold a conversation as one of the people would. > is the program, < is you, ~ is time passing."""
    flows = read_flows(yaml_files(folder)).by_slug
    if flow not in flows:
        raise Refused(f"there is no flow {flow!r}; there are: {', '.join(sorted(flows)) or 'none'}")
    if role not in flows[flow].for_:
        raise Refused(f"{flow} is for {', '.join(flows[flow].for_)}; add --as {flows[flow].for_[0]}")
    if is_every:
        for passage in every_step(flows[flow], language)[0]:
            _show(passage)
            click.echo()
        return
    player = Player(flows[flow], language)
    _show(player.begin())
    while player.place and not player.place.has_ended:
        words = click.prompt("<", default="", show_default=False, prompt_suffix=" ")
        _show(player.hear(words)[1:] if words.strip() else player.skip())


def _show(lines: list[Line]) -> None:
    for line in lines:
        click.echo(str(line))
