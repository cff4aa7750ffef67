"""Importing aiogram without the three seconds and hundred megabytes of models that nobody uses.

At its import aiogram completes all of its types, some four hundred, though it asks pydantic to defer that.
Here each is completed when it is first used, with the same names in reach: `model_rebuild` is called then
(https://docs.pydantic.dev/latest/concepts/models/#rebuilding-model-schema). A test completes every one.
"""

import sys
from collections.abc import Callable
from typing import Any, Literal, Optional, Union
from unittest.mock import patch

from pydantic import BaseModel

_Rebuild = Callable[..., bool | None]


def load_aiogram() -> None:
    """Import aiogram, its types to be completed later; as it comes, where it is not built as expected."""
    if "aiogram" in sys.modules:
        return
    rebuild: _Rebuild = BaseModel.__dict__["model_rebuild"].__func__

    def later(cls: type[BaseModel], /, **options: Any) -> bool | None:  # noqa: ANN401 - pydantic's own
        if cls.__module__.startswith("aiogram."):
            return None
        options["_parent_namespace_depth"] = options.get("_parent_namespace_depth", 2) + 1
        return rebuild(cls, **options)

    with patch.object(BaseModel, "model_rebuild", classmethod(later)):
        import aiogram  # noqa: F401

    from aiogram import types
    from aiogram.client.default import Default
    from aiogram.methods import Response, TelegramMethod
    from aiogram.types.base import TelegramObject

    names = {
        "List": list,
        "Optional": Optional,
        "Union": Union,
        "Literal": Literal,
        "Default": Default,
        **{name: getattr(types, name) for name in types.__all__},
    }

    def complete(
        cls: type[BaseModel], /, *, force: bool = False, raise_errors: bool = True, **_: object
    ) -> bool | None:
        return rebuild(cls, force=force, raise_errors=raise_errors, _types_namespace=names)

    for base in (TelegramObject, TelegramMethod, Response):
        base.model_rebuild = classmethod(complete)  # type: ignore[method-assign, assignment]
