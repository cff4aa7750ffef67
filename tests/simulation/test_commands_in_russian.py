"""Commands answer in the language of whoever gives them, and find time zones by its names."""

from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.roles import EDITOR, GROUP, STRANGER, give_roles
from tests.simulation.running import Start

_ANSWERS = {
    "/list": "ни за чем не слежу",
    "/set": "Скажите, какой источник",
    "/set once=x": "chat, topic",
    "/filter": "правил нет",
    "/role": "Ролей нет",
    "/duplicates": "Повторов: 0",
    "/find words": "Ничего не нашлось",
    "/post": "Пришлите ссылки",
    "/why": "какая ссылка",
    "/stats": "свободно на диске",
    "/pause 9": "«9»",
}
_ZONE = "SELECT zone FROM chats WHERE chat_id = ?"


async def test_commands_answer_in_russian(world: World, start: Start, autojump_clock: object) -> None:
    async with start(world) as life:
        assert "\nlanguage: ru" in (await life.says("/set language=ru")).text
        for command, words in _ANSWERS.items():
            assert words in (await life.says(command)).text, command
        assert "ГиБ" in (await life.says("/stats")).text
        give_roles(world)
        assert ": редактор " in (await life.says("/role")).text
        assert "ничего не задано" in (await life.says("/set language=default")).text
        assert ": editor " in (await life.says("/role")).text


async def test_a_chat_is_given_its_language_by_set(
    world: World, start: Start, autojump_clock: object
) -> None:
    of_chat = "SELECT language FROM chats WHERE chat_id = ?"
    async with start(world) as life:
        assert "Задано" in (await life.says(f"/set {CHANNEL_ID} language=Русский silent=yes")).text
        assert life.rows(of_chat, CHANNEL_ID) == [("ru",)]
        assert "say en, ru" in (await life.says(f"/set {CHANNEL_ID} language=tlh")).text
        assert "language" not in (await life.says(f"/set {CHANNEL_ID} language=default")).text
        assert life.rows(of_chat, CHANNEL_ID) == [(None,)]


async def test_zones_are_found_by_city_clock_and_button(
    world: World, start: Start, autojump_clock: object
) -> None:
    async with start(world) as life:
        await life.says("/lang ru")
        assert "Europe/Moscow" in (await life.says("/tz Москва")).text
        assert "Asia/Yekaterinburg" in (await life.says(f"/tz {CHANNEL_ID} екатеринбург")).text
        assert life.rows(_ZONE, CHANNEL_ID) == [("Asia/Yekaterinburg",)]
        card = await life.says("/tz -5")  # a clock, no chat
        assert "Богота" in " ".join(label for label, _data in card.buttons)
        assert life.rows(_ZONE, OWNER_ID) == [("Europe/Moscow",)]
        assert "Atlantis" in (await life.says("/tz Atlantis")).text
        card = await life.says("/tz")
        assert await life.presses(card, "Владивосток") == "Asia/Vladivostok"
        assert life.rows(_ZONE, OWNER_ID) == [("Asia/Vladivostok",)]
        assert "Asia/Vladivostok" in card.text
        assert "UTC" in (await life.says("/tz default")).text


async def test_buttons_of_zones_are_for_editors(world: World, start: Start, autojump_clock: object) -> None:
    async with start(world) as life:
        card = await life.says("/tz")
        give_roles(world)
        forged = (
            (STRANGER, f"tz:{GROUP}:Europe/Berlin"),
            (EDITOR, f"tz:{OWNER_ID}:Europe/Berlin"),
            (OWNER_ID, f"tz:{OWNER_ID}:Gone/Away"),
        )
        for user, data in forged:
            world.api.press(OWNER_ID, user, card.message_id, data)
        await life.until(lambda: len(world.api.callback_answers) == len(forged))
        assert life.rows("SELECT zone FROM chats WHERE zone IS NOT NULL") == []
