"""`python -m bench.peers`: 1,000 feeds, cold, unchanged, and 5 % changed, by us and by what users could pick.

Last, 2 % of the hosts hang: how long do the others wait? All are real processes beside a server on loopback,
whose CPU is nobody's. Peers are installed into an environment of their own; newsboat is taken where the
system has it.
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
from bench.peers.contenders import Contender, floor, floor_with_texts, installed, ours
from bench.peers.hanging import healthy_after_s
from bench.peers.runs import Findings, beside, measure, table
from bench.peers.sites import all_entries, different_links, urls
from bench.table import put_between

BEGIN = "<!-- peers: begin -->"
END = "<!-- peers: end -->"
_ENVIRONMENT = Path(tempfile.gettempdir()) / "vestnik-peers"


@click.command()
@click.option("--feeds", default=1000, show_default=True)
@click.option("--rounds", default=7, show_default=True, help="Of the floor and of ours, in turn.")
@click.option("--peer-rounds", default=1, show_default=True, help="Of the others, which take minutes.")
@click.option("--only", help="Of these alone, such as floor,vestnik; nothing is installed for those two.")
@click.option("--environment", type=click.Path(path_type=Path), default=_ENVIRONMENT, show_default=True)
@click.option("--write", "document", type=click.Path(path_type=Path, exists=True), help="Put it there.")
def main(
    feeds: int, rounds: int, peer_rounds: int, only: str | None, environment: Path, document: Path | None
) -> None:
    """Measure, and print the table in Markdown."""
    about = machine()
    turns, said = _turns(rounds, peer_rounds, set(only.split(",")) if only else None, environment)
    server = [sys.executable, "-m", "bench.peers.sites", str(feeds)]
    with subprocess.Popen(server, stdout=subprocess.PIPE, text=True) as sites:
        try:
            assert sites.stdout is not None
            found = _measured(turns, int(sites.stdout.readline()), feeds, said)
        finally:
            sites.kill()
    told = (
        f"{feeds:,} feeds with {all_entries(feeds, 2):,} entries in the end, {different_links(feeds, 2):,} "
        f"different links; {rounds} rounds of the floors and of vestnik, {peer_rounds} of the others; "
        f"load of the machine in the end {os.getloadavg()[0]:.1f}."
    )
    text = "\n\n".join([told, table(found, feeds), *_ratios(found), *said])
    click.echo(text)
    if document:
        command = shlex.join(["python", "-m", "bench.peers", *sys.argv[1:]])
        head = ", ".join(f"{name} {value}" for name, value in about.items())
        date = time.strftime("%Y-%m-%d", time.gmtime())
        written = put_between(
            document.read_text(encoding="utf-8"), f"`{command}` on {date}: {head}.\n\n{text}", BEGIN, END
        )
        document.write_text(written, encoding="utf-8")


def _turns(
    rounds: int, peer_rounds: int, only: set[str] | None, environment: Path
) -> tuple[list[Contender], list[str]]:
    """Return who runs, in turn, and what is said of those who cannot."""
    own = [floor(), floor_with_texts(), ours()]
    if only is None or only - {"floor", "vestnik"}:
        others, said = installed(environment)
    else:
        others, said = [], []
    turns = own * rounds + others * peer_rounds
    return [each for each in turns if only is None or each.name.split()[0] in only], said


def _ratios(found: list[Findings]) -> list[str]:
    by_name = {findings.name: findings for findings in found}
    own = by_name.get("vestnik")
    floors = [findings for name, findings in by_name.items() if name.startswith("floor")]
    return [] if own is None else ["\n".join(f"- {beside(own, each)}" for each in floors)]


def _measured(turns: list[Contender], port: int, feeds: int, said: list[str]) -> list[Findings]:
    """Let all take their turns; who fails is left out, and said so."""
    found = {
        each.name: Findings(name=each.name, keeps=each.keeps, reads_json=each.reads_json) for each in turns
    }
    for contender in turns:
        if contender.name not in found:
            continue
        click.echo(f"{contender.name} ...", err=True)
        with tempfile.TemporaryDirectory() as folder:
            of_it, addresses = found[contender.name], urls(port, feeds)
            try:
                measure(contender, Path(folder) / "run", addresses, port, of_it)
                hanging_s = healthy_after_s(contender, Path(folder) / "hanging", addresses, port)
                of_it.hanging_s.append(hanging_s)
            except (RuntimeError, OSError, subprocess.CalledProcessError) as error:
                del found[contender.name]
                said.append(f"{contender.name} failed: {error}")
    return list(found.values())


if __name__ == "__main__":
    main()
