"""Durations and sizes as people write them: `90s`, `10m`, `2h`, `1d`; `10MiB`, `500KB`."""

import re

from core.errors import WrongValue

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdw]?)", re.IGNORECASE)
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_SIZE = re.compile(r"(\d+)\s*(B|KB|MB|GB|KIB|MIB|GIB)?", re.IGNORECASE)
_BYTES = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}
_LONGEST_S = 10 * 365 * 86_400


def parse_duration(text: str) -> float:
    """Return seconds. Plain numbers are seconds.

    Raises:
        WrongValue: it is no duration, or longer than ten years.
    """
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise WrongValue("{text!r} is no duration: write it like 90s, 10m, 2h or 1d", text=text)
    seconds = float(match[1]) * _SECONDS[match[2].lower()]
    if seconds > _LONGEST_S:
        raise WrongValue("{text!r} is longer than ten years", text=text)
    return seconds


def parse_size(text: str) -> int:
    """Return bytes. Plain numbers are bytes.

    Raises:
        ValueError: it is no size.
    """
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no size: write it like 10MiB, 500KB or a number of bytes")
    return int(match[1]) * _BYTES[(match[2] or "").upper()]


def format_duration(seconds: float) -> str:
    """Return a duration as `parse_duration` reads it, two units at the most: `90s`, `10m`, `2h 5m`."""
    return " ".join(f"{count}{unit}" for count, unit in in_units(seconds))


def in_units(seconds: float) -> list[tuple[int, str]]:
    """Return a duration as counts of its largest units (`d`, `h`, `m`, `s`), two at the most."""
    rest = max(0, round(seconds))
    if rest < 120 and rest % 60:  # noqa: PLR2004 - under two minutes the seconds still matter
        return [(rest, "s")]
    parts = []
    for unit in "dhms":
        count, rest = divmod(rest, _SECONDS[unit])
        if count:
            parts.append((count, unit))
    return parts[:2] or [(0, "s")]
