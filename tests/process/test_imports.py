"""What a short command does not import; what is imported costs more than all that it does."""

import os
import subprocess
import sys
from pathlib import Path

from tests.process.conftest import ROOT

_UNNEEDED = {
    *("aiogram", "trio_asyncio", "starlette", "hypercorn", "prometheus_client"),  # of the bot that runs
    *("jinja2", "selectolax", "PIL", "feedparser", "core.words", "core.pages.reading"),
    *("rich", "pygments", "greenlet"),  # extras of httpx and structlog
}
_PROGRAM = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
sys.argv = ["run.py", "once", "--no-publish"]
import run
run.main()
print(*sys.modules)
import greenlet, pygments, rich.console
"""


def test_a_look_at_nothing_imports_nothing_it_does_not_need(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        cwd=tmp_path,
        env={"DATABASE_URL": "sqlite:///bot.db", "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.splitlines()[-1].split())
    assert {"trio", "httpx", "actors.poller"} <= loaded
    assert sorted(loaded & _UNNEEDED) == []
