"""/template: shows how posts look, and changes it after a preview."""

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Message

from actors.context import Context
from actors.telegram.access import require
from actors.telegram.matching import named, pressed
from actors.telegram.messenger import TelegramMessenger
from actors.telegram.places import ChatHere, allowed_place
from actors.telegram.previewing import as_preview
from core.errors import UserError
from core.languages import gettext as _
from core.protocol import OutgoingMessage, Place, PostContent, Sent
from core.rendering.post import RenderedPost, render
from core.template_request import TemplateRequest, parse_template
from core.template_words import help_text
from core.templates.errors import TemplateFailed
from core.text import cut
from store import templates


def _made_up() -> PostContent:
    return PostContent(
        url="https://example.com/story",
        title=_("Your first post"),
        summary="<p>" + _("Nothing was posted here yet, so this <b>story</b> is made up.") + "</p>",
        source_title=_("An example"),
        author=_("Ann Writer"),
        tags=("example",),
    )


def router(ctx: Context) -> Router:
    """Return the router of /template and of its buttons."""
    routes = Router(name="template")

    @routes.message(named("template"))
    async def template(message: Message, command: CommandObject, bot: Bot) -> None:
        replied = message.reply_to_message
        said = (replied.text or replied.caption or "") if replied is not None else ""
        request = parse_template(command.args or "", replied=said)
        chat = await allowed_place(ctx, bot, message, request.target, "editor")
        kept = await ctx.store.read(templates.template_of, chat_id=chat.chat_id, number=request.number)
        if not request.text:
            await message.answer(_shown(kept))
        elif request.resets:
            await ctx.store.write(
                templates.set_template, chat_id=chat.chat_id, number=request.number, template=None
            )
            await message.answer(_("✔️ Posts look as they do by default."))
        else:
            await _propose(ctx, bot, message, chat, request)

    @routes.callback_query(pressed(r"tpl:\d{1,18}:(save|cancel)"))
    async def settle(press: CallbackQuery) -> None:
        _tpl, message_id, verdict = (press.data or "").split(":")
        here = press.message.chat.id if press.message is not None else 0
        chat_id = await ctx.store.read(templates.proposed_for, here=here, message_id=int(message_id))
        await require(ctx, press.from_user, chat_id or 0, "editor")
        done = await ctx.store.write(
            templates.settle, here=here, message_id=int(message_id), verdict=verdict, now_ms=ctx.now_ms()
        )
        ctx.bells.speaker.ring()
        await press.answer(_("Noted.") if done else _("This was settled before."))

    return routes


def _shown(kept: str | None) -> str:
    return help_text() if kept is None else kept + "\n\n" + _("/template default goes back to the default.")


async def _propose(
    ctx: Context, bot: Bot, message: Message, chat: ChatHere, request: TemplateRequest
) -> None:
    """Show what a template makes of the last link, and ask whether it shall hold."""
    content = await ctx.store.read(templates.sample, chat_id=chat.chat_id, number=request.number)
    post = _drawn(as_preview(content or _made_up()), request.text)
    topic_id = (message.message_thread_id if message.is_topic_message else None) or 0
    preview = OutgoingMessage(
        place=Place(chat_id=message.chat.id, topic_id=topic_id),
        text=post.text,
        entities=post.entities,
        buttons=post.buttons,
    )
    outcome = await TelegramMessenger(bot).send(preview)
    if not isinstance(outcome, Sent):
        reason = getattr(outcome, "error", "") or _("it does not answer")
        raise UserError("Telegram does not take such a post: {reason}.", reason=reason)
    await ctx.store.write(
        templates.propose,
        here=(message.chat.id, topic_id),
        message_id=message.message_id,
        chat_id=chat.chat_id,
        number=request.number,
        template=request.text,
        now_ms=ctx.now_ms(),
    )
    ctx.bells.speaker.ring()


def _drawn(content: PostContent, template: str) -> RenderedPost:
    try:
        return render(content, template=template)
    except TemplateFailed as error:
        raise UserError(
            "It does not work for “{title}”: {error}.", title=cut(content.title, 100), error=error
        ) from None
