"""Building routers without asking a thousand times what parameters the same functions have.

Each of aiogram's routers has an observer for each kind of update, and each observer a handler of its own for
its filters. For all of them `inspect.signature` is asked about one and the same dummy, half of what it takes
to build ours. Names and kinds of parameters are a matter of a function's code, so they are remembered
by it (https://docs.python.org/3/reference/datamodel.html#code-objects).
"""

from types import CodeType, FunctionType


def remember_signatures() -> None:
    """Let aiogram look at each function's parameters once, for as long as the process lives."""
    from aiogram.dispatcher.event.handler import CallableObject

    look = CallableObject.__post_init__
    known: dict[CodeType, tuple[bool, set[str], bool]] = {}

    def look_once(self: CallableObject) -> None:
        code = _telling_code(self.callback)
        if code in known:
            self.awaitable, self.params, self.varkw = known[code]
            return
        look(self)
        if code is not None:
            known[code] = (self.awaitable, self.params, self.varkw)

    CallableObject.__post_init__ = look_once  # type: ignore[method-assign]


def _telling_code(callback: object) -> CodeType | None:
    """Return the code that tells a callback's parameters; None where something else does, or may."""
    if not isinstance(callback, FunctionType) or vars(callback):  # such as __wrapped__ and __signature__
        return None
    return callback.__code__
