"""`python -m bench`: the whole table: what each part of the program costs, beside what it is measured by.

Each line says how often ours goes into its reference: the median of the rounds' ratios with the lowest and
the highest, of process CPU, from variants that took turns. `load` is how busy the machine was meanwhile.
"""

import dataclasses
import json
import shlex
import sys
import time
from pathlib import Path

import click

from bench.chart import chart_of
from bench.child import run
from bench.machine import machine
from bench.measures import wanted
from bench.results import Line
from bench.table import markdown_table, put_between, text_table


@click.command()
@click.option("--only", default="", metavar="P5,P7", help="Lines to measure; all without it.")
@click.option("--rounds", type=int, help="Rounds that count, in place of each bench's own number.")
@click.option("--quick", is_flag=True, help="A rough look: three rounds, each of less work.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write figures there as well.")
@click.option("--write", "document", type=click.Path(path_type=Path, exists=True), help="Put it there.")
def main(only: str, rounds: int | None, quick: bool, json_file: Path | None, document: Path | None) -> None:
    """Measure, and print the table."""
    names = [name.strip().upper() for name in only.split(",") if name.strip()]
    try:
        measures = wanted(names)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--only") from error
    if document and (names or quick):
        raise click.UsageError("--write needs the whole table: it goes with neither --only nor --quick")
    about = machine()
    lines: list[Line] = []
    for measure in measures:
        click.echo(f"{', '.join(measure.names)}: {measure.module} ...", err=True)
        started_s = time.monotonic()
        found = run(measure, rounds=rounds or (3 if quick else None), quick=quick)
        lines += [line for line in found if not names or line.name in names]
        click.echo(f"  took {time.monotonic() - started_s:.0f} s", err=True)
    lines.sort(key=lambda line: int(line.name[1:]))
    click.echo(text_table(lines))
    for line in lines:
        if line.note:
            click.echo(f"{line.name}: {line.note}")
    if json_file:
        figures = {"machine": about, "lines": [dataclasses.asdict(line) for line in lines]}
        json_file.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    if document:
        _write(document, lines, about)


def _write(document: Path, lines: list[Line], about: dict[str, str]) -> None:
    """Replace the table between the markers of a document, and the chart beside it."""
    command = shlex.join(["python", "-m", "bench", *sys.argv[1:]])
    told = ", ".join(f"{name} {value}" for name, value in about.items())
    text = f"`{command}` on {time.strftime('%Y-%m-%d', time.gmtime())}: {told}.\n\n{markdown_table(lines)}"
    document.write_text(put_between(document.read_text(encoding="utf-8"), text), encoding="utf-8")
    document.with_suffix(".svg").write_text(chart_of(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
