"""Files, as far as a bot meets them: what people sent, what it sends, and downloads."""

from simulation.botapi.answers import Json, Refused, bad_request
from simulation.botapi.parameters import Parameters
from simulation.http import Reply

MOST_DOWNLOAD_BYTES = 20 * 2**20
MOST_UPLOAD_BYTES = 50 * 10**6
WRONG = "wrong file_id or the file is temporarily unavailable"


class Files:
    """Every document that was sent, by its id."""

    def __init__(self) -> None:
        self._bodies: dict[str, bytes] = {}

    def __getitem__(self, file_id: str) -> bytes:
        return self._bodies[file_id]

    def put(self, name: str, body: bytes) -> Json:
        """Keep a file; the API's `Document`."""
        file_id = f"file:{len(self._bodies) + 1}"
        self._bodies[file_id] = body
        return {"file_id": file_id, "file_unique_id": file_id, "file_name": name, "file_size": len(body)}

    def get_file(self, ask: Parameters) -> Json:
        """`getFile`."""
        file_id = ask.text("file_id")
        if file_id not in self._bodies:
            raise bad_request(WRONG)
        size = len(self._bodies[file_id])
        if size > MOST_DOWNLOAD_BYTES:
            raise bad_request("file is too big")
        shown: Json = {"file_id": file_id, "file_unique_id": file_id, "file_size": size}
        return shown | {"file_path": file_id.replace(":", "/")}

    def download(self, path: str) -> Reply:
        """What is at a `file_path`."""
        body = self._bodies.get(path.replace("/", ":"))
        if body is None:
            raise Refused(404, "Not Found")
        return Reply(body=body)

    def take(self, ask: Parameters) -> Json:
        """Keep the document of a request that uploads one."""
        name = ask.text("document").removeprefix("attach://")
        if not ask.has(name):
            raise bad_request("there is no document in the request")
        body = ask.text(name).encode("utf-8", "surrogateescape")
        if len(body) > MOST_UPLOAD_BYTES:
            raise Refused(413, "Request Entity Too Large")
        return self.put(ask.names.get(name, name), body)
