"""Telling systemd that the bot is at work: one datagram, as sd_notify(3) describes."""

import os
import socket


def tell_ready() -> None:
    """Say READY=1 to whoever started this process and asked for it; without NOTIFY_SOCKET do nothing."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    # "@" stands for the byte with which abstract names begin (unix(7)).
    target = "\0" + address[1:] if address.startswith("@") else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
        try:
            channel.connect(target)
            channel.sendall(b"READY=1")
        except OSError:
            # Then systemd says so itself, when its time for a start is over.
            return
