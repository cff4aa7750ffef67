"""Names of topics are remembered as they are heard, whoever gives them."""

from trio.testing import MockClock

from simulation.botapi import Chat
from simulation.botapi.shown import message_json
from simulation.world import World
from tests.simulation.running import Start

STRANGER = 2002


async def test_topics_are_known_by_name(autojump_clock: MockClock, world: World, start: Start) -> None:
    forum = world.api.chats.add(
        Chat(
            chat_id=-1002, kind="supergroup", is_forum=True, topics={7: "open"}, members={STRANGER: "member"}
        )
    )
    user = world.api.cloud.users.get(STRANGER)
    async with start(world) as life:
        await life.says("/start")
        for extra in (
            {"forum_topic_created": {"name": "News", "icon_color": 7322096}},
            {"forum_topic_edited": {"name": "World news"}},
            {"forum_topic_edited": {"icon_custom_emoji_id": "1"}},
        ):
            told = world.api.people._commit(forum, user, topic_id=7, extra=extra)
            world.api.cloud.updates.add("message", message_json(told))
        await life.until(lambda: life.rows("SELECT topic_id, name FROM topics") == [(7, "World news")])
        assert world.api.messages(forum.chat_id) == []
