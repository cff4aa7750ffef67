"""aiogram is imported with types that are completed when they are used."""

import subprocess
import sys

_PROGRAM = """
import sys
assert "aiogram" not in sys.modules
import actors.telegram
from aiogram import methods, types
from pydantic import BaseModel

models = [getattr(module, name) for module in (types, methods) for name in module.__all__]
models = [each for each in models if isinstance(each, type) and issubclass(each, BaseModel)]
assert not types.Chat.__pydantic_complete__, "nothing is deferred any more: the loading can go"
message = {"message_id": 1, "date": 2, "chat": {"id": 3, "type": "private"}, "text": "x",
    "reply_to_message": {"message_id": 4, "date": 5, "chat": {"id": 3, "type": "private"}}}
update = types.Update.model_validate({"update_id": 1, "message": message})
assert update.message.reply_to_message.chat.id == 3
said = methods.Response[types.Message].model_validate({"ok": True, "result": message})
assert said.result.text == "x"
assert methods.SendMessage(chat_id=1, text="y").model_dump(exclude_none=True)["text"] == "y"
for model in models:
    model.model_rebuild()
    assert model.__pydantic_complete__, model
print(len(models))
"""


def test_every_type_can_be_completed() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) > 400


_PREPARED = """
import gc, httpx
import actors.telegram
from aiogram.methods import EditMessageText, GetUpdates, Response, SendMessage, SendPhoto
from actors.telegram.session import HttpxSession
from cli.garbage import spare_what_stays

session = HttpxSession("http://telegram.example", httpx.AsyncHTTPTransport())
session.prepare()
spare_what_stays()
assert gc.get_freeze_count() > 50_000
for method in (EditMessageText, GetUpdates, SendMessage):
    assert method.__pydantic_complete__, method
    assert Response[method.__returning__].__pydantic_complete__, "made anew: nobody has kept it"
assert not SendPhoto.__pydantic_complete__
"""


def test_types_of_every_run_are_made_at_its_start_and_kept() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PREPARED], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
