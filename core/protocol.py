"""The messages that actors exchange: frozen values, nothing else.

Times are epoch milliseconds (`_ms`), durations seconds (`_s`), sizes bytes (`_bytes`).
What people will read later (why a row is held, why a check is due then) is a code, with arguments
where needed; `core.words` turns codes into sentences.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, NewType

from core.access import Access
from core.hints import PollHints
from core.memory import Memory
from core.pages.page import Page
from core.pictures.ways import Picture
from core.rendering.rich import Rich

SourceId = NewType("SourceId", int)
HistoryId = NewType("HistoryId", int)
QueueId = NewType("QueueId", int)
PostId = NewType("PostId", int)
SubscriptionId = NewType("SubscriptionId", int)

PollStatus = Literal["ok", "not_modified", "failed", "gone"]


class QueueState(StrEnum):
    """States of a row of the outbox."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    HELD = "held"
    DROPPED = "dropped"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Who holds a lease: one incarnation of an actor in one run of the program."""

    boot_id: str
    incarnation: int

    def __str__(self) -> str:
        return f"{self.boot_id}/{self.incarnation}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What tells an unchanged document: the server's own words, to be echoed exactly, and our hash of it.

    See RFC 9110, 13.1, for the first two.
    """

    etag: str | None = None
    last_modified: str | None = None
    body_hash: bytes | None = None
    """Of the bytes as they came over the wire."""
    listed_ms: int | None = None
    """When it changed, as the document that names it said at that time (lastmod of an index of sitemaps)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueSource:
    """A source whose check is due, leased to the poller that received this."""

    source_id: SourceId
    kind: str
    url: str
    validators: Validators
    errors: int
    rules: str = "{}"
    """How its kind reads it, as canonical JSON."""
    host: str = ""
    hung: bool = False
    """Its last fetch ended by its deadline."""
    children: Mapping[str, Validators] = field(default_factory=dict)
    """What was kept of the further documents that it named."""
    memory: Memory = field(default_factory=Memory)
    """Of what it showed last time; empty where everything is to be told."""
    fragments: bool = False
    """Its entries are told apart by what follows `#` in their addresses."""
    access: Access = field(default_factory=Access)
    """What goes with its requests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """An address that somebody wants to watch and has not said how, leased to the finder."""

    probe_id: int
    url: str
    access: Access = field(default_factory=Access)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One entry found in a source, with the key under which history will know its link."""

    key: str
    url: str
    guid: str | None = None
    title: str = ""
    summary: str = ""
    """HTML as the source gave it, shortened to a bound."""
    image: str | None = None
    author: str | None = None
    tags: tuple[str, ...] = ()
    published_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """Outcome of one poll, with its candidates in the order in which they are to be published."""

    source_id: SourceId
    status: PollStatus
    candidates: tuple[Candidate, ...] = ()
    known: int = 0
    """Entries that are left out of them, because the source showed them last time too."""
    memory: Memory | None = None
    """Of all that it shows; None where that is not known."""
    fragments: bool = False
    """The keys of the candidates keep what follows `#` in their addresses."""
    refused: int = 0
    """Entries whose link cannot be published (not http, too long)."""
    validators: Validators | None = None
    """Present only with a document that was read whole: they are stored with its entries or not at all."""
    children: Mapping[str, Validators] = field(default_factory=dict)
    """The same of each further document that it names now, read in this poll or unchanged."""
    partial: bool = False
    """Parts of it have not changed, and were not read: it shows more than was counted."""
    complete: bool = True
    """False where the document breaks off, so that entries may be missing."""
    title: str | None = None
    final_url: str | None = None
    moved_to: str | None = None
    """Where its server says that it is from now on (301 or 308)."""
    retry_after_s: float | None = None
    hints: PollHints | None = None
    """What the document says of polling it; None where it says nothing or was not read."""
    fresh_s: float = 0.0
    """For so long the answer will not change, as its server says."""
    error: str | None = None
    error_args: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether its candidates are all that was shown."""
        return not self.known and not self.partial


@dataclass(frozen=True, slots=True, kw_only=True)
class PollOutcome:
    """What recording a report changed."""

    new: int = 0
    duplicates: int = 0
    queued: int = 0
    next_check_ms: int = 0
    notices: int = 0
    """Cards or answers that now wait to be spoken."""
    filtered: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PageJob:
    """A page to read, leased to the fetcher that received this."""

    history_id: HistoryId
    url: str
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReport:
    """What a page said, or why it could not be read."""

    history_id: HistoryId
    page: Page | None = None
    led_to: str | None = None
    """Where redirects led, as it was written; None: nowhere else, or to something that is no page."""
    error: str | None = None
    error_args: tuple[str, ...] = ()
    passing: bool = False
    """The page could not be read now, and perhaps later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOutcome:
    """What recording a page changed."""

    freed: int = 0
    """Posts that waited for it, those among them that nobody wants now."""
    merged: bool = False
    """It turned out to be a link that was known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a post goes: a chat, and a topic of it (0: none, or General)."""

    chat_id: int
    topic_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PostContent:
    """What there is to say about one link."""

    url: str
    title: str = ""
    summary: str = ""
    source_title: str = ""
    author: str | None = None
    tags: tuple[str, ...] = ()
    """Categories of its source and page, and the labels."""
    labels: tuple[str, ...] = ()
    """What rules of its chat add, to be shown as hashtags."""
    image: str | None = None
    published_ms: int | None = None
    site: str = ""
    price: str | None = None
    """A decimal, as `1299.00`, in `currency` (ISO 4217), as `old_price` is."""
    old_price: str | None = None
    currency: str | None = None
    discount: int | None = None
    """In per cent."""
    availability: str | None = None
    rating: float | None = None
    reviews: int | None = None
    language: str = ""
    zone: str = "UTC"
    """IANA name of the chat's time zone, in which dates are shown."""
    ad: str = ""
    """What marks the posts of its chat as advertisements."""
    erid: str = ""
    """The token of the advertisement, as it stands in the link."""
    note: str | None = None
    """Code of a remark that goes with the post, e.g. that it may be a repetition."""
    own: Rich | None = None
    """What a person wrote for this post, in the place of what a template would make of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One post to make, leased to the publisher that received this."""

    queue_id: QueueId
    history_id: HistoryId
    place: Place
    content: PostContent
    attempt: int
    plain: bool = False
    """Telegram refused it once: now as plain, shortened text."""
    silent: bool = False
    preview: bool = True
    picture: Picture | None = None
    chat_type: str = ""
    template: str | None = None
    """How it is to look, as somebody wrote it; None: as posts look by default."""
    more: tuple["Delivery", ...] = ()
    """Further links of the same place that share the post, in their order: it is a digest."""

    @property
    def together(self) -> tuple["Delivery", ...]:
        """Itself and what shares its post."""
        return (self, *self.more)

    wished_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Telegram confirmed the message."""

    message_ids: tuple[int, ...]
    file_id: str | None = None
    """By which Telegram knows the picture that went with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferred:
    """Telegram asked for time; nothing was sent and no attempt is counted."""

    retry_after_s: float
    everywhere: bool = False
    """The flood wait holds for all chats, not only this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertain:
    """No clear answer: the message may or may not have been sent."""

    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent:
    """Nothing left this machine, or it was not begun: the row waits for its next turn."""

    error: str
    retry_after_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """Telegram refuses this very message for good; the next one may go on."""

    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSuspended:
    """The chat (or topic) cannot be reached until somebody changes something there."""

    reason: str
    topic_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMoved:
    """The group became a supergroup with another id; nothing was sent."""

    new_chat_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRefused:
    """Telegram does not take the picture; nothing was sent, and another way may do."""

    error: str
    here_only: bool = False
    """It takes no picture in this chat, whichever it is."""


SendOutcome = Sent | Deferred | Uncertain | NotSent | Rejected | PlaceSuspended | ChatMoved | PictureRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Outcome of one send; it is that of all rows which share the post."""

    queue_id: QueueId
    post_id: PostId | None
    """None when the send was claimed but not begun."""
    chat_id: int
    outcome: SendOutcome
    picture: Picture | None = None
    """As it was sent, without its file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """One button under a message: `data` goes back to the bot, at most 64 bytes, or `url` is opened."""

    text: str
    data: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A formatted span of a text; offset and length in UTF-16 units."""

    type: Literal[
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "code",
        "pre",
        "blockquote",
        "expandable_blockquote",
        "text_link",
    ]
    offset: int
    length: int
    url: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMessage:
    """A message as Telegram takes it: text and entities, never a parse mode."""

    place: Place
    text: str
    entities: tuple[Entity, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    silent: bool = False
    preview: bool = True
    picture: Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A card, answer or question to be spoken, or edited when it was spoken before."""

    notice_id: int
    chat_id: int
    topic_id: int
    code: str
    args: dict[str, object] = field(default_factory=dict)
    message_id: int | None = None
    version: int = 0
