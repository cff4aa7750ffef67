"""What happens to the bot in chats: added, removed, and groups that get a new id."""

from aiogram import Router
from aiogram.types import (
    ChatMemberAdministrator,
    ChatMemberBanned,
    ChatMemberLeft,
    ChatMemberRestricted,
    ChatMemberUpdated,
    Message,
)
from sqlite_utils import Database

from actors.context import Context
from actors.telegram.matching import migration, topic_name
from store import chats, people


def router(ctx: Context) -> Router:
    """Return the router of membership updates, migrations and the names of topics."""
    routes = Router(name="membership")

    @routes.my_chat_member()
    async def changed(update: ChatMemberUpdated) -> None:
        ctx.administrators.forget(update.chat.id)
        reason = why_silent(update)
        await ctx.store.write(
            _note,
            update.chat.id,
            update.chat.type,
            update.chat.title or "",
            reason,
            ctx=ctx,
            now_ms=ctx.now_ms(),
        )
        ctx.bells.publisher.ring()
        ctx.bells.speaker.ring()

    @routes.chat_member()
    async def somebody_changed(update: ChatMemberUpdated) -> None:
        ctx.administrators.forget(update.chat.id)

    @routes.message(migration)
    async def migrated(message: Message) -> None:
        here = message.chat.id
        old_id = message.migrate_from_chat_id or here
        new_id = message.migrate_to_chat_id or here
        await ctx.store.write(chats.migrate, old_id=old_id, new_id=new_id, now_ms=ctx.now_ms())
        ctx.bells.publisher.ring()

    @routes.message(topic_name)
    async def named(message: Message) -> None:
        told = message.forum_topic_created or message.forum_topic_edited
        if told is not None and told.name and message.message_thread_id:
            await ctx.store.write(
                chats.name_topic, message.chat.id, message.message_thread_id, name=told.name
            )

    return routes


def why_silent(update: ChatMemberUpdated) -> str | None:
    """Return the code of why the bot cannot post in a chat now, or None if it can."""
    member = update.new_chat_member
    if isinstance(member, (ChatMemberLeft, ChatMemberBanned)):
        return "blocked" if update.chat.type == "private" else "kicked"
    if isinstance(member, ChatMemberAdministrator):
        channel = update.chat.type == "channel"
        return "no_rights" if channel and not member.can_post_messages else None
    if isinstance(member, ChatMemberRestricted) and not member.can_send_messages:
        return "no_rights"
    return None


def _note(
    db: Database, chat_id: int, chat_type: str, title: str, reason: str | None, *, ctx: Context, now_ms: int
) -> None:
    chats.ensure(db, chat_id, chat_type=chat_type, title=title)
    if reason is None:
        chats.resume(db, chat_id, now_ms=now_ms)
    else:
        alert = people.alert_place(db, ctx.settings.alert_place, ctx.settings.owner_ids)
        chats.suspend(db, chat_id, reason=reason, alert=alert, now_ms=now_ms)
