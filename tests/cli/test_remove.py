"""`remove`: ends what a chat watches."""

import pytest

from core.errors import UserError
from tests.cli.conftest import Run

CHAT = ("--chat", "-1001")


def test_by_number_by_address_and_all(run: Run) -> None:
    urls = [f"https://{name}.example/feed" for name in ("a", "b", "c", "d")]
    run("add", *urls, *CHAT, "--as", "feed")
    assert run("remove", "2", *CHAT).output == f"No. 2 in -1001 removed: {urls[1]}\n"
    assert "No. 3" in run("remove", urls[2], *CHAT).output
    with pytest.raises(UserError, match="watches nothing that is called 2"):
        run("remove", "2", *CHAT)
    with pytest.raises(UserError, match="watches nothing"):
        run("remove", "1", "--chat", "-1002")
    assert run("remove", "all", *CHAT).output.count("removed") == 2
    assert "a.example" not in run("list").output
