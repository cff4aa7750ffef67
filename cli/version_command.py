"""`version`: which version this is."""

import click

from core import VERSION


@click.command("version")
def command() -> None:
    """Print the version."""
    click.echo(f"vestnik {VERSION}")
