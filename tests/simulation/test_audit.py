"""The audit log in the whole program: commands, presses, and nothing of what only looks."""

import json

from trio.testing import MockClock

from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.running import Life, Start


def _log(life: Life) -> list[tuple[str, int, int, str]]:
    rows = life.rows("SELECT action, user_id, chat_id, args FROM audit ORDER BY id")
    return [(action, user, chat, json.loads(args).get("words", "")) for action, user, chat, args in rows]


async def test_what_changes_something_is_in_the_log_once_and_without_secrets(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    url = world.feed("one").url
    async with start(world) as life:
        for only_looks in ("/help", "/list", "/admin", "/filter", "/schedule", "/pause 77", "/nonsense"):
            await life.says(only_looks)
        assert _log(life) == []
        await life.says(f"/add {CHANNEL_ID} {url}?token=s3cret as=feed")
        await life.says(f"/set {CHANNEL_ID} 1 header=Authorization: Bearer s3cret")
        card = await life.says(f"/schedule {CHANNEL_ID}")
        label = card.buttons[0][0]
        await life.presses(card, label)
        log = _log(life)
        assert log == [
            ("command", OWNER_ID, OWNER_ID, f"/add {CHANNEL_ID} {url}?… as=feed"),
            ("command", OWNER_ID, OWNER_ID, f"/set {CHANNEL_ID} 1 header=***"),
            ("press", OWNER_ID, OWNER_ID, label),
        ]
        admin = await life.says("/admin")
        await life.presses(admin, "Log")
        assert f"/set {CHANNEL_ID} 1 header=***" in admin.text
        assert f"pressed “{label}”" in admin.text
