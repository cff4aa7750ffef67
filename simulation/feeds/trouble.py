"""What goes wrong at a site on purpose."""

import gzip
from dataclasses import dataclass, replace
from typing import Literal

from simulation.http import Reply

TroubleKind = Literal[
    "status", "slow", "drip", "hang", "refuse", "reset", "no_answer", "half",
    "garbage", "truncated", "empty", "html", "redirect",
]  # fmt: skip

GARBAGE = b"\x00\xff\xfe<rss><<<&nope;\x9c" * 40
HTML_PAGE = b"<!doctype html><html><head><title>Moved house</title></head><body>Hello</body></html>"


@dataclass(slots=True, kw_only=True)
class Trouble:
    """One scripted fault of a site.

    Attributes:
        kind: What happens.
            `status`: an error page with `status`. `slow`: the right answer `delay_s` late.
            `drip`: the right answer, byte by byte, one every `delay_s`.
            `hang`, `refuse`, `reset`, `no_answer`, `half`: see `simulation.http.Reply`.
            `garbage`, `empty`, `html`: 200 with another body. `truncated`: 200 with the first half
            of the document, complete as far as HTTP can tell, with the validators of the whole.
            `redirect`: `status` (301 to 308) to `location`.
        count: How many requests it happens to; None is all that follow.
        status: The status of `status` and `redirect`.
        retry_after: Sent as Retry-After unless empty: seconds or an HTTP date.
        delay_s: See `kind`.
        location: Where a redirect leads.
    """

    kind: TroubleKind
    count: int | None = 1
    status: int = 503
    retry_after: str = ""
    delay_s: float = 30.0
    location: str = ""

    def spoils_document(self) -> bool:
        """Whether the client cannot get the whole document this time."""
        return self.kind not in ("slow", "drip")

    def applied(self, right: Reply) -> Reply:
        """What the client gets instead of `right`."""
        match self.kind:
            case "slow":
                return replace(right, delay_s=self.delay_s)
            case "drip":
                return replace(right, drip_s=self.delay_s)
            case "hang" | "refuse" | "reset" | "no_answer" | "half":
                return replace(right, cut=self.kind)
            case "status" | "redirect":
                return self._told_off()
            case "truncated":
                headers = tuple(one for one in right.headers if one[0] != "content-encoding")
                return replace(right, headers=headers, body=_first_half(right))
            case _:
                return self._other_body(right)

    def _told_off(self) -> Reply:
        headers = [("content-type", "text/html")]
        if self.retry_after:
            headers.append(("retry-after", self.retry_after))
        if self.kind == "redirect":
            headers.append(("location", self.location))
        return Reply(status=self.status, headers=tuple(headers), body=HTML_PAGE)

    def _other_body(self, right: Reply) -> Reply:
        if self.kind == "html":
            return Reply(headers=(("content-type", "text/html; charset=utf-8"),), body=HTML_PAGE)
        return Reply(headers=_plain(right.headers), body=GARBAGE if self.kind == "garbage" else b"")


def _plain(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Without validators (a broken body must not be named like the whole one) and encodings."""
    return tuple(one for one in headers if one[0] not in ("etag", "last-modified", "content-encoding"))


def _first_half(right: Reply) -> bytes:
    whole = gzip.decompress(right.body) if ("content-encoding", "gzip") in right.headers else right.body
    return whole[: len(whole) // 2]
