"""`gateway demo`: a small sample community with simulated phones, served on this computer only."""

import click

from gateway.cli.serve import run_server


@click.command()
@click.option("--port", type=click.IntRange(1, 65_535), default=8000, show_default=True)
def demo(port: int) -> None:
    """Load the sample community, once, and serve it with simulated phones."""
    run_server("127.0.0.1", port, with_sample=True)
