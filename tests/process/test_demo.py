"""The whole demo: the real program in its world, its page over HTTP and in a browser."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
import trio

from cli.demo_command import Demo, page_socket
from cli.demo_world import CHANNEL_ID, OWNER_ID
from simulation.page import listen
from tests.process.chromium import Page, browser, find
from tests.simulator.stream import PATIENCE_S, events

CHROMIUM = find()
NAMELESS = """[...document.querySelectorAll('button, textarea, [role]:not([role=status])')]
    .filter((one) => !(one.getAttribute('aria-label') || one.textContent.trim()))
    .map((one) => one.outerHTML)"""
FORMATTED = """import('./entities.js').then(({ formatted }) => {
    const box = document.createElement('div');
    box.append(...formatted('<img src=x> 🎉 bold both no a', [
        { type: 'italic', offset: 20, length: 4 },
        { type: 'bold', offset: 15, length: 9 },
        { type: 'text_link', offset: 25, length: 2, url: 'javascript:alert(1)' },
        { type: 'text_link', offset: 28, length: 1, url: 'https://a.example/' },
    ]));
    return box.innerHTML;
})"""
"""A text that tries to be an element, with entities behind a character of two units, in any order."""


@asynccontextmanager
async def demo(folder: Path, *, speed: float = 1.0) -> AsyncIterator[int]:
    """Run the demo for the length of the block; the port of its page."""
    with listen(0) as listener:
        port = int(listener.getsockname()[1])
        running = Demo(folder, listener, seed=1, speed=speed, posts=0)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(running.run)
            try:
                yield port
            finally:
                running.stop.set()


def test_a_port_that_is_taken_is_said_and_another_one_found(capsys: pytest.CaptureFixture[str]) -> None:
    with page_socket(0) as first:
        taken = first.getsockname()[1]
        with page_socket(taken) as second:
            assert second.getsockname()[1] != taken
            assert second.getsockname()[0] == "127.0.0.1"
    assert f"Port {taken} is not to be had" in capsys.readouterr().err


async def test_posts_answers_and_the_pipeline_are_told(tmp_path: Path) -> None:
    async with demo(tmp_path) as port, events(port) as page:
        state = await page.next("state")
        assert [chat["kind"] for chat in state["chats"]] == ["private", "channel", "supergroup"]
        hint = next(text for text in state["hints"] if text.startswith("http"))
        post = await _message(page, CHANNEL_ID)
        assert post["entities"][0]["type"] == "text_link"
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE_S) as client:
            assert (await client.post("/do/say", json={"chat": OWNER_ID, "text": hint})).status_code == 204
            question = await _message(page, OWNER_ID, lambda told: bool(told["buttons"]))
            press = {"chat": OWNER_ID, "id": question["id"]}
            press["data"] = question["buttons"][0][0]["callback_data"]
            assert (await client.post("/do/press", json=press)).status_code == 204
            assert (await page.next("answer"))["alert"] is False
            said = await _message(page, OWNER_ID, lambda told: "Market" in told["text"] and not told["mine"])
            assert "list" in said["text"]
        told = await page.next("pipeline")
        assert {"poller", "writer", "fetcher", "publisher"} <= {actor["name"] for actor in told["actors"]}
        assert any(source["kind"] == "list" for source in told["sources"])
        assert told["counts"]["sent"] >= 1
        assert told["counts"]["repeated"] == 0


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
async def test_a_person_adds_a_source_reads_a_post_and_presses_a_button(tmp_path: Path) -> None:
    assert CHROMIUM is not None
    async with demo(tmp_path) as port, browser(CHROMIUM, tmp_path / "profile") as page:
        await page.open(f"http://127.0.0.1:{port}/")
        await page.until("document.querySelector('#chats button')")
        await page.evaluate("document.querySelector('#chats button').click()")
        add, bare = await page.evaluate(
            "[0, 1].map((n) => document.querySelectorAll('#hints button')[n].title)"
        )
        await _type(page, add)
        await page.until("document.querySelector('.theirs .card')?.textContent.includes('Museum')")
        await _type(page, bare)
        await page.until("document.querySelector('.row button')")
        await page.evaluate("document.querySelector('.row button').click()")
        await page.until("!document.querySelector('.row button')")
        await page.until("document.querySelector('#sources').textContent.includes('Market')")
        assert await page.evaluate("document.querySelector('#connection').textContent") == "live"
        assert await page.evaluate(NAMELESS) == [], "whoever does not see them hears what they are"
        assert await page.evaluate(FORMATTED) == (
            '&lt;img src=x&gt; 🎉 <b class="bold">bold <i class="italic">both</i></b> '
            '<span class="link">no</span> <a href="https://a.example/" target="_blank" '
            'rel="noopener noreferrer">a</a>'
        )


def _anything(_told: Any) -> bool:
    return True


async def _message(page: Any, chat_id: int, wanted: Any = _anything) -> Any:
    """The next message in a chat that is wanted."""
    with trio.fail_after(PATIENCE_S):
        while True:
            told = await page.next("message")
            if told["chat"] == chat_id and wanted(told):
                return told


async def _type(page: Page, text: str) -> None:
    await page.evaluate("document.getElementById('text').focus()")
    await page.ask("Input.insertText", text=text)
    press = partial(page.ask, "Input.dispatchKeyEvent", key="Enter", code="Enter", windowsVirtualKeyCode=13)
    await press(type="rawKeyDown")
    await press(type="keyUp")
