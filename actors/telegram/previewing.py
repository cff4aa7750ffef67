"""Posts shown to somebody who asks how they look: drawn and sent as posts are, and yet none."""

from dataclasses import replace

from actors.messenger import Messenger
from actors.publisher import message_of
from core.errors import UserError
from core.languages import gettext as _
from core.pictures.ways import Picture, next_way
from core.protocol import Button, Delivery, PictureRefused, Place, PlaceSuspended, PostContent, Sent
from core.rendering.post import RenderedPost, render
from core.rendering.written import with_link
from core.templates.errors import TemplateFailed, WrongTemplate
from core.text import cut


def as_preview(content: PostContent) -> PostContent:
    """Mark the link of a preview: no place has the same link twice, and no preview is taken for its post."""
    mark = "-" if "#" in content.url else "#"
    return with_link(content, f"{content.url}{mark}preview")


async def show(
    messenger: Messenger,
    delivery: Delivery,
    *,
    to: Place,
    buttons: tuple[tuple[Button, ...], ...] = (),
) -> str | None:
    """Send somebody a post as it would look in its own place, with more buttons below its own.

    A picture that Telegram does not take by its address is shown as a preview of the text, or not at all.

    Returns:
        What is wrong with its template, in words; it then has the default look.

    Raises:
        UserError: it cannot be shown.
    """
    content = as_preview(delivery.content)
    rendered, problem = _drawn(content, delivery.template)
    rendered = replace(rendered, buttons=rendered.buttons + buttons)
    picture = _by_telegram(delivery.picture)
    while True:
        shown = replace(delivery, place=to, content=content, picture=picture)
        outcome = await messenger.send(message_of(shown, rendered))
        if isinstance(outcome, Sent):
            return problem
        if not isinstance(outcome, PictureRefused) or picture is None:
            break
        picture = _by_telegram(replace(picture, way=next_way(picture.way)))
    if isinstance(outcome, PlaceSuspended):
        raise UserError(
            "I may not write to you yet: open a private chat with me, press Start, and ask again."
        )
    reason = getattr(outcome, "error", "") or _("it does not answer")
    raise UserError("Telegram does not take such a post: {reason}.", reason=reason)


def _by_telegram(picture: Picture | None) -> Picture | None:
    """Leave out uploads: to fetch a picture takes longer than an answer may."""
    if picture is not None and picture.way == "upload":
        return replace(picture, way="preview")
    return picture


def _drawn(content: PostContent, template: str | None) -> tuple[RenderedPost, str | None]:
    if template is not None:
        try:
            return render(content, template=template), None
        except (WrongTemplate, TemplateFailed) as error:
            problem = _("Its template does not work for “{title}”: {error}.").format(
                title=cut(content.title, 100), error=error
            )
            return render(content), problem
    return render(content), None
