"""Photos, as far as a bot meets them: what it may send, and the ids it gets for what it sent."""

from simulation.botapi.answers import Refused, bad_request
from simulation.botapi.parameters import Parameters
from simulation.botapi.urls import WrongUrlError, checked_url

WRONG = "wrong file identifier/HTTP URL specified"
MOST_UPLOAD_BYTES = 10 * 2**20
UPLOADED = "an upload"
_PREFIX = "photo:"
_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"


class Photos:
    """Which photos there are.

    Attributes:
        unreachable: Addresses that Telegram cannot fetch, with what it says then.
    """

    def __init__(self) -> None:
        self.unreachable: dict[str, str] = {}
        self.uploads: list[bytes] = []
        """What was sent as a file, whatever it is."""
        self.forgotten = False

    def take(self, ask: Parameters) -> str:
        """Return what the photo of a request is: its URL, or what was uploaded under an id."""
        wish = ask.text("photo")
        if wish.startswith("attach://"):
            return self._upload(ask.text(wish.removeprefix("attach://")))
        if wish.startswith(_PREFIX):
            if self.forgotten:
                raise bad_request(WRONG)
            return wish.removeprefix(_PREFIX)
        try:
            url = checked_url(wish)
        except WrongUrlError:
            raise bad_request(WRONG) from None
        if wish in self.unreachable:
            raise bad_request(self.unreachable[wish])
        return url

    def _upload(self, content: str) -> str:
        body = content.encode("utf-8", "surrogateescape")
        if len(body) > MOST_UPLOAD_BYTES:
            raise Refused(413, "Request Entity Too Large")
        if not body.startswith((_JPEG, _PNG)):
            raise bad_request("IMAGE_PROCESS_FAILED")
        self.uploads.append(body)
        return f"{UPLOADED} {len(self.uploads)}"


def id_of(photo: str) -> str:
    """Return the id under which a photo can be sent again."""
    return f"{_PREFIX}{photo}"
