"""Screens, pop-ups and menus in the language of whoever reads them."""

from actors.telegram import menu
from core.commands import COMMANDS
from simulation.world import OWNER_ID, World
from tests.simulation.running import Start

_STRANGER = 2002


async def test_screens_buttons_and_refusals_are_in_russian(
    world: World, start: Start, autojump_clock: object
) -> None:
    world.api.people.private(_STRANGER, language_code="ru")
    async with start(world) as life:
        await life.says("/lang ru")
        assert "Непонятно" in (await life.says("hello")).text
        card = await life.says("/admin")
        assert "Очередь: ничего не ждёт" in card.text
        await life.presses(card, "Проверка")
        assert "личный бот" in (await life.says("hello", user_id=_STRANGER)).text


async def test_menus_are_set_for_each_language_and_scope(
    world: World, start: Start, autojump_clock: object
) -> None:
    owner = f"chat/{OWNER_ID}/"
    async with start(world) as life:
        await life.until(lambda: owner + "ru" in world.api.cloud.commands)
        said = world.api.cloud.commands
        for scope, names in (
            ("default//", menu.STRANGERS),
            ("all_private_chats//", menu.PRIVATE_CHATS),
            ("all_group_chats//", menu.GROUPS),
            (owner, menu.OWNERS),
        ):
            assert [each["command"] for each in said[scope]] == list(names)
            assert [each["command"] for each in said[scope + "ru"]] == list(names)
        assert said["default//"][0]["description"] == "who I am"
        assert said["default//ru"][0]["description"] == "кто я"


async def test_who_claims_the_bot_gets_the_menu_of_owners(
    world: World, start: Start, autojump_clock: object
) -> None:
    async with start(world, owner_ids=()) as life:
        await life.until(lambda: bool(world.announced))
        assert f"chat/{OWNER_ID}/" not in world.api.cloud.commands
        code = world.announced[0].partition("?start=")[2].split()[0]
        await life.says(f"/start {code}")
        await life.until(lambda: f"chat/{OWNER_ID}/" in world.api.cloud.commands)


def test_menus_are_short_and_name_commands_that_their_readers_may_use() -> None:
    who = {command.name: command.who for command in COMMANDS}
    for names in (menu.STRANGERS, menu.GROUPS, menu.PRIVATE_CHATS, menu.OWNERS):
        assert len(names) == len(set(names)) <= 20
        assert set(names) <= set(who)
    assert {who[name] for name in menu.STRANGERS} == {"all"}
    assert "owner" not in {who[name] for name in (*menu.GROUPS, *menu.PRIVATE_CHATS)}
    assert set(menu.TEXTS) == {*menu.STRANGERS, *menu.GROUPS, *menu.PRIVATE_CHATS, *menu.OWNERS}
