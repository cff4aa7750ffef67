"""Proposing how posts shall look: the last link as it would be, and the question whether that shall hold."""

from aiogram import Bot

from actors.context import Context
from actors.telegram.messenger import TelegramMessenger
from actors.telegram.previewing import as_preview
from core.errors import UserError
from core.languages import gettext as _
from core.protocol import OutgoingMessage, Place, PostContent, Sent
from core.rendering.post import RenderedPost, render
from core.templates.errors import TemplateFailed
from core.text import cut
from store import templates


async def propose(
    ctx: Context,
    bot: Bot,
    here: Place,
    *,
    chat_id: int,
    number: int | None,
    template: str | None,
    message_id: int | None = None,
) -> None:
    """Show what a template makes of the last link, and ask whether it shall hold.

    Args:
        ctx: the world of the actor.
        bot: what speaks there.
        here: where that is shown and asked.
        chat_id: the chat whose posts shall look so.
        number: of its source, where only its posts shall.
        template: as somebody wrote it; None for the default.
        message_id: the message that it came with, so that its question is asked once; None: of the preview.

    Raises:
        UserError: it does not work, or Telegram does not take what it makes.
    """
    content = await ctx.store.read(templates.sample, chat_id=chat_id, number=number)
    post = _drawn(as_preview(content or _made_up()), template)
    preview = OutgoingMessage(place=here, text=post.text, entities=post.entities, buttons=post.buttons)
    outcome = await TelegramMessenger(bot).send(preview)
    if not isinstance(outcome, Sent):
        reason = getattr(outcome, "error", "") or _("it does not answer")
        raise UserError("Telegram does not take such a post: {reason}.", reason=reason)
    await ctx.store.write(
        templates.propose,
        here=(here.chat_id, here.topic_id),
        message_id=outcome.message_ids[0] if message_id is None else message_id,
        chat_id=chat_id,
        number=number,
        template=template,
        now_ms=ctx.now_ms(),
    )
    ctx.bells.speaker.ring()


def _made_up() -> PostContent:
    return PostContent(
        url="https://example.com/story",
        title=_("Your first post"),
        summary="<p>" + _("Nothing was posted here yet, so this <b>story</b> is made up.") + "</p>",
        source_title=_("An example"),
        author=_("Ann Writer"),
        tags=("example",),
    )


def _drawn(content: PostContent, template: str | None) -> RenderedPost:
    try:
        return render(content, template=template)
    except TemplateFailed as error:
        raise UserError(
            "It does not work for “{title}”: {error}.", title=cut(content.title, 100), error=error
        ) from None
