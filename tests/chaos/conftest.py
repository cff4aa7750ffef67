"""The real program on real sockets and files; `loopback` is the one of the other tests of processes."""

from tests.process.conftest import loopback

__all__ = ["loopback"]
