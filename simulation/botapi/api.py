"""A Bot API server for one bot."""

import random
from collections.abc import Callable
from dataclasses import replace

import trio

from simulation.botapi import account, editing, membership, sending
from simulation.botapi.answers import Json, Refused, failure, success
from simulation.botapi.chats import Chats
from simulation.botapi.cloud import Cloud
from simulation.botapi.faults import Fault, Faults
from simulation.botapi.files import Files
from simulation.botapi.flood import FloodViolation, Limits
from simulation.botapi.journal import Accepted
from simulation.botapi.parameters import Parameters
from simulation.botapi.people import People
from simulation.botapi.photos import Photos
from simulation.botapi.updates import Updates
from simulation.botapi.users import User
from simulation.http import Reply, Request

HUNG = Reply(cut="hang")
METHODS: dict[str, Callable[[Cloud, Parameters], object]] = {
    "getme": account.get_me,
    "deletewebhook": account.delete_webhook,
    "setmycommands": account.set_my_commands,
    "getmycommands": account.get_my_commands,
    "answercallbackquery": account.answer_callback_query,
    "sendmessage": sending.send_message,
    "sendphoto": sending.send_photo,
    "senddocument": sending.send_document,
    "getfile": lambda cloud, ask: cloud.files.get_file(ask),
    "forwardmessage": sending.forward_message,
    "copymessage": sending.copy_message,
    "editmessagetext": editing.edit_message_text,
    "editmessagecaption": editing.edit_message_caption,
    "editmessagereplymarkup": editing.edit_message_reply_markup,
    "deletemessage": editing.delete_message,
    "getchat": membership.get_chat,
    "getchatmember": membership.get_chat_member,
    "getchatadministrators": membership.get_chat_administrators,
    "leavechat": membership.leave_chat,
    "sendchataction": membership.send_chat_action,
}


class BotApi:
    """Telegram's Bot API as `telegram.org` answers it, with faults on demand.

    It is reached through `handle`, over `simulation.http.serve` or `InMemoryTransport`. What the bot
    got accepted is in `journal`; what people do is said through `people` (its most used verbs are
    here too). After `freeze()` nothing is recorded or answered; requests hang, also those that were
    under way. After `thaw()` new requests are served, the old ones hang on.

    Args:
        token: The only one accepted.
        now: Epoch seconds; must advance together with trio's clock.
        rng: All that is random.
        limits: Flood control.
        fault_rate: Share of sends and edits that meet a random fault.
        bot: The bot's own account.
    """

    def __init__(
        self,
        *,
        token: str,
        now: Callable[[], float],
        rng: random.Random,
        limits: Limits | None = None,
        fault_rate: float = 0.0,
        bot: User | None = None,
    ) -> None:
        bot = bot or User(user_id=_id_of(token), first_name="Vestnik", username="vestnik_bot", is_bot=True)
        self.token = token
        self.cloud = Cloud(bot=bot, now=now, rng=rng, limits=limits)
        self.faults = Faults(rng, rate=fault_rate)
        self.people = People(self.cloud)
        self.calls: list[tuple[float, str, Parameters]] = []
        self.user_says = self.people.user_says
        self.press = self.people.press
        self.messages = self.cloud.journal.messages
        self._generation = 0
        self._frozen = False
        self._news = trio.lowlevel.ParkingLot()

    @property
    def chats(self) -> Chats:
        """Every chat."""
        return self.cloud.chats

    @property
    def journal(self) -> list[Accepted]:
        """Every message of the bot, in the order of commit."""
        return self.cloud.journal.accepted

    @property
    def on_accepted(self) -> list[Callable[[Accepted], None]]:
        """Called at the commit of each message, before its answer goes out."""
        return self.cloud.journal.on_accepted

    @property
    def flood_violations(self) -> list[FloodViolation]:
        """Messages that came while an announced wait was still running."""
        return self.cloud.flood.violations

    @property
    def photos(self) -> Photos:
        """Which photos Telegram takes, and what was uploaded."""
        return self.cloud.photos

    @property
    def files(self) -> Files:
        """What people and the bot sent as documents."""
        return self.cloud.files

    @property
    def updates(self) -> Updates:
        """What people did and the bot has not confirmed."""
        return self.cloud.updates

    @property
    def callback_answers(self) -> list[Json]:
        """Every `answerCallbackQuery` that was accepted."""
        return self.cloud.callback_answers

    @property
    def frozen(self) -> bool:
        """Whether nothing is recorded or answered."""
        return self._frozen

    def freeze(self) -> None:
        """Record and answer nothing any more; what is under way will never be answered."""
        self._frozen = True
        self._generation += 1

    def thaw(self) -> None:
        """Serve again; requests from before `freeze` stay unanswered."""
        self._frozen = False

    async def handle(self, request: Request) -> Reply:
        """Answer one request to `/bot<token>/<method>`."""
        await trio.lowlevel.checkpoint()
        generation = self._generation
        if self._frozen:
            return HUNG
        try:
            reply = await self._answer(request, generation)
        except Refused as refused:
            reply = failure(refused)
        return reply if generation == self._generation else HUNG

    async def until(self, condition: Callable[[], bool], timeout_s: float = 60.0) -> None:
        """Wait for something to be true of the world; looked at after each call of the bot.

        Raises:
            trio.TooSlowError: It did not become true within `timeout_s`.
        """
        with trio.fail_after(timeout_s):
            while not condition():
                await self._news.park()

    async def wait_for(
        self, predicate: Callable[[Accepted], bool], timeout_s: float = 60.0, *, since: int = 0
    ) -> Accepted:
        """The first message of the bot, past or coming, that `predicate` accepts.

        Args:
            predicate: Told about each message, again after each call (for edits).
            timeout_s: How long to wait.
            since: Skip so many entries of the journal.

        Raises:
            trio.TooSlowError: None came within `timeout_s`.
        """
        await self.until(lambda: any(map(predicate, self.journal[since:])), timeout_s)
        return next(message for message in self.journal[since:] if predicate(message))

    async def _answer(self, request: Request, generation: int) -> Reply:
        if request.path.startswith(f"/file/bot{self.token}/"):
            return self.cloud.files.download(request.path.removeprefix(f"/file/bot{self.token}/"))
        token, _, method = request.path.removeprefix("/bot").partition("/")
        if not request.path.startswith("/bot"):
            raise Refused(404, "Not Found")
        if token != self.token:
            raise Refused(401, "Unauthorized")
        ask, method = Parameters.of(request), method.lower()
        if method != "getupdates" and method not in METHODS:
            raise Refused(404, "Not Found")
        self.calls.append((self.cloud.now(), method, ask))
        fault = self.faults.next(method, ask)
        if fault is None:
            return await self._take_effect(method, ask)
        return await self._go_wrong(fault, method, ask, generation)

    async def _take_effect(self, method: str, ask: Parameters) -> Reply:
        if method == "getupdates":
            return success(await self.cloud.updates.get(ask))
        try:
            return success(METHODS[method](self.cloud, ask))
        finally:
            self._news.unpark_all()

    async def _go_wrong(self, fault: Fault, method: str, ask: Parameters, generation: int) -> Reply:
        """The call with its fault, before or after it takes effect."""
        right: Reply | None = None
        if fault.what == "delay" and fault.when == "before":
            await trio.sleep(fault.delay_s)
            if generation != self._generation and not fault.outlives_freeze:
                return HUNG
            return await self._take_effect(method, ask)
        if fault.when == "after":
            right = await self._take_effect(method, ask)
        if fault.what == "delay" and right is not None:
            return replace(right, delay_s=fault.delay_s)
        if fault.what == "flood":
            self.cloud.flood.announce(_chat_id(ask) if fault.scope == "chat" else None, fault.retry_after_s)
        return fault.reply(right)


def _id_of(token: str) -> int:
    number = token.partition(":")[0]
    return int(number) if number.isdecimal() else 1


def _chat_id(ask: Parameters) -> int | None:
    return ask.integer("chat_id") or None
