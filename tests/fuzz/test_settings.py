"""Any environment and any `.env`: settings, or a readable list without secrets; never a traceback."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from hypothesis import HealthCheck, given, settings

from tests.fuzz.settings import check, env_files, environments


@settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(environments(), env_files())
def test_any_settings_are_read_or_refused_in_words(environment: Mapping[str, str], env_file: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        check(environment, env_file, Path(folder))
