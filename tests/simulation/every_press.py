"""The data of every button that there is, with whatever numbers somebody forges."""

from collections.abc import Iterator

from aiogram import Dispatcher, Router

from tests.simulation.every_command import Numbers

DATA = (
    *("new:{subscription}", "add:{any}:link", "add:{any}:1", "unc:{queue}:sent", "unc:{queue}:again"),
    *("facts:{queue}:post", "facts:{queue}:drop", "apr:{queue}:publish", "apr:{queue}:0:drop"),
    *("flood:{any}:post", "flood:{any}:drop", "edit:{queue}", "time:{queue}", "find:{any}"),
    *("q:now:{queue}", "q:up:{queue}", "q:down:{queue}", "q:drop:{queue}"),
    *("sent:edit:{queue}", "sent:sold:{queue}", "sent:sure:{queue}", "sent:mute:{queue}"),
    *("sent:unmute:{queue}", "sent:again:{queue}:0", "sent:rule:{queue}:0123abcd", "sent:delete:{queue}"),
    *("sent:back:{queue}", "sent:less:{queue}", "stats:light", "stats:dark", "lang:{chat}:ru"),
    *("bare:watch", "bare:post", "import", "tpl:{any}:save", "tpl:{any}:cancel"),
    *("adm:home:0", "adm:check:0", "adm:chats:0", "adm:roles:0", "adm:links:0", "adm:log:9999"),
    *("adm:resume:{chat}:0", "adm:unrole:{chat}:{user}:0", "adm:revoke:0123456789abcdef:0", "adm:backup:0"),
    *("src:list:{chat}:card:all:0", "src:list:{chat}:ask:all:9999"),
    *("src:card:{chat}:{number}:0", "src:pause:{chat}:{number}:0", "src:resume:{chat}:{number}:0"),
    *("src:check:{chat}:{number}:0", "src:test:{chat}:{number}:0", "src:set:{chat}:{number}:0"),
    *("src:ask:{chat}:{number}:0", "src:remove:{chat}:{number}:0", "undo:{any}"),
    *("sch:{chat}:2", "sch:{chat}:off", "tz:{chat}:Europe/Berlin", "address:{chat}", "link:{chat}"),
    *("flt:show:{chat}:0", "flt:test:{chat}:{number}", "flt:add:{chat}:0", "bare:watch:{chat}"),
    *("flt:ask:{chat}:0:1:0123abcd", "flt:del:{chat}:0:1:0123abcd", "first:connect", "first:help"),
    *("src:put:{chat}:{number}:0:every=2d", "src:put:{chat}:{number}:0:silent=yes"),
    *("find:ask:{chat}", "why:{chat}:{any}", "why:{chat}:list", "why:0:{any}", "look:{chat}:0:news"),
    *("exp:{chat}:chats", "exp:{chat}:opml", "exp:{chat}:csv", "role:editor:{chat}", "hist:{chat}"),
    *("tzloc:{chat}", "list:{chat}"),
    *("lnk:show:{chat}", "lnk:add:{chat}", "lnk:ask:{chat}:0123456789ab", "lnk:del:{chat}:0123456789ab"),
)
"""At least one for each pattern that a router listens to."""
GARBAGE = (
    "",
    "x",
    ":",
    "src",
    "src:remove",
    "q:now:",
    "q:now:-1",
    "adm:",
    "lang::ru",
    "new:\u0661",
    "sent:",
    "\x00",
)
"""Data that no button has."""


def forged(numbers: Numbers) -> Iterator[str]:
    """Yield the data of each button with these numbers, and again with something behind them."""
    for form in DATA:
        yield form.format(**numbers)
    for form in DATA[::4]:
        data = form.format(**numbers)
        yield from (f"{data}:0", f"{data}\n", data + "0" * 65)


def patterns(dispatcher: Dispatcher) -> Iterator[str]:
    """Yield every pattern of buttons that the routers of a dispatcher listen to."""
    for router in _all(dispatcher):
        for handler in router.callback_query.handlers:
            for each in handler.filters or ():
                known = dict(
                    zip(each.callback.__code__.co_freevars, each.callback.__closure__ or (), strict=True)
                )
                yield known["compiled"].cell_contents.pattern


def _all(router: Router) -> Iterator[Router]:
    yield router
    for each in router.sub_routers:
        yield from _all(each)
