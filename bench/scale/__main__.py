"""`python -m bench.scale`: the real program with 100, 1,000, 10,000 and 100,000 sources.

Each runs `run.py` on a database that it filled, beside a Telegram in this process and sites in another one.
The intervals are those of people, drawn together until they make the same number of polls a second.
"""

import json
import tempfile
import time
from pathlib import Path

import click
import trio

from bench.machine import machine
from bench.scale.figures import Figures
from bench.scale.report import drawn, markdown, text
from bench.scale.running import Plan, measure
from bench.scale.sites import sites_at
from bench.table import put_between

BEGIN = "<!-- scale: begin -->"
END = "<!-- scale: end -->"


def curve(sizes: list[int], plan: Plan, folder: Path | None = None) -> list[Figures]:
    """Measure one point after the other."""
    found = []
    for count in sizes:
        with tempfile.TemporaryDirectory(dir=folder) as name, sites_at() as port:
            click.echo(f"{count:,} sources ...", err=True)
            found.append(trio.run(measure, Path(name), count, plan, port))
            click.echo(text(found[-1:]), err=True)
    return found


@click.command()
@click.option("--sizes", default="100,1000,10000,100000", show_default=True, metavar="N,N,...")
@click.option("--rate", default=125.0, show_default=True, help="Polls a second that are due, at most.")
@click.option("--seconds", default=90.0, show_default=True, help="For how long polls count.")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), help="Where databases lie.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write all figures there.")
@click.option("--write", "document", type=click.Path(path_type=Path, exists=True), help="Put it there.")
def main(
    sizes: str,
    rate: float,
    seconds: float,
    folder: Path | None,
    json_file: Path | None,
    document: Path | None,
) -> None:
    """Measure, and print the table; a chart goes beside the document."""
    about = machine()
    plan = Plan(rate=rate, lasts_s=seconds)
    found = curve([int(each) for each in sizes.split(",")], plan, folder)
    click.echo(text(found))
    command = f"python -m bench.scale --sizes {sizes} --rate {rate:g} --seconds {seconds:g}"
    if json_file:
        points = [each.as_json() for each in found]
        figures = {"command": command, "ended": _now(), "machine": about, "points": points}
        json_file.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    if document:
        told = ", ".join(f"{name} {about[name]}" for name in ("cores", "memory", "Python", "SQLite"))
        table = f"`{command}` on {_now()[:10]}: {told}.\n\n{markdown(found)}"
        written = put_between(document.read_text(encoding="utf-8"), table, BEGIN, END)
        document.write_text(written, encoding="utf-8")
        document.with_name("scale.svg").write_text(drawn(found), encoding="utf-8")


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


if __name__ == "__main__":
    main()
