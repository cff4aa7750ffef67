"""`python -m bench.peers`: 1,000 feeds, cold, unchanged, and 5 % changed, by us and by what users could pick.

All are real processes beside a server on loopback, whose CPU is nobody's. Peers are installed into an
environment of their own; newsboat is taken where the system has it.
"""

import os
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from bench.machine import machine
from bench.peers.contenders import Contender, floor, installed, ours
from bench.peers.runs import Findings, measure, table
from bench.peers.sites import all_entries, different_links, urls
from bench.table import put_between

BEGIN = "<!-- peers: begin -->"
END = "<!-- peers: end -->"
_ENVIRONMENT = Path(tempfile.gettempdir()) / "vestnik-peers"


@click.command()
@click.option("--feeds", default=1000, show_default=True)
@click.option("--rounds", default=7, show_default=True, help="Of the floor and of ours, in turn.")
@click.option("--peer-rounds", default=1, show_default=True, help="Of the others, which take minutes.")
@click.option("--without-peers", is_flag=True, help="Only the floor and ours.")
@click.option("--environment", type=click.Path(path_type=Path), default=_ENVIRONMENT, show_default=True)
@click.option("--write", "document", type=click.Path(path_type=Path, exists=True), help="Put it there.")
def main(
    feeds: int, rounds: int, peer_rounds: int, without_peers: bool, environment: Path, document: Path | None
) -> None:
    """Measure, and print the table in Markdown."""
    about = machine()
    others, said = ([], []) if without_peers else installed(environment)
    turns = [contender for _ in range(rounds) for contender in (floor(), ours())]
    turns += [contender for _ in range(peer_rounds) for contender in others]
    server = [sys.executable, "-m", "bench.peers.sites", str(feeds)]
    with subprocess.Popen(server, stdout=subprocess.PIPE, text=True) as sites:
        try:
            assert sites.stdout is not None
            found = _measured(turns, int(sites.stdout.readline()), feeds, said)
        finally:
            sites.kill()
    told = (
        f"{feeds:,} feeds with {all_entries(feeds, 2):,} entries in the end, {different_links(feeds, 2):,} "
        f"different links; {rounds} rounds of the floor and of vestnik, {peer_rounds} of the others; "
        f"load of the machine in the end {os.getloadavg()[0]:.1f}."
    )
    text = "\n\n".join([told, table(found, feeds), *said])
    click.echo(text)
    if document:
        command = shlex.join(["python", "-m", "bench.peers", *sys.argv[1:]])
        head = ", ".join(f"{name} {value}" for name, value in about.items())
        date = time.strftime("%Y-%m-%d", time.gmtime())
        written = put_between(
            document.read_text(encoding="utf-8"), f"`{command}` on {date}: {head}.\n\n{text}", BEGIN, END
        )
        document.write_text(written, encoding="utf-8")


def _measured(turns: list[Contender], port: int, feeds: int, said: list[str]) -> list[Findings]:
    """Let all take their turns; who fails is left out, and said so."""
    found = {contender.name: Findings(name=contender.name, keeps=contender.keeps) for contender in turns}
    for contender in turns:
        if contender.name not in found:
            continue
        click.echo(f"{contender.name} ...", err=True)
        with tempfile.TemporaryDirectory() as folder:
            try:
                measure(contender, Path(folder) / "run", urls(port, feeds), port, found[contender.name])
            except (RuntimeError, OSError, subprocess.CalledProcessError) as error:
                del found[contender.name]
                said.append(f"{contender.name} failed: {error}")
    return list(found.values())


if __name__ == "__main__":
    main()
