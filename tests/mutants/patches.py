"""Mistakes that would break a promise, each as a change of one place, and the test that must notice it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One mistake.

    Attributes:
        name: What is done wrong.
        breaks: What would happen.
        file: Where, from the root of the tree.
        old: The text as it is, once in that file.
        new: The text with the mistake.
        test: What pytest is given.
    """

    name: str
    breaks: str
    file: str
    old: str
    new: str
    test: str

    def apply(self, text: str) -> str:
        """Return the text with the mistake.

        Raises:
            LookupError: the place is not there, or not the only one.
        """
        if text.count(self.old) != 1:
            raise LookupError(f"{self.name}: {self.file} has changed")
        return text.replace(self.old, self.new)

    @property
    def row(self) -> str:
        """Return its row of the table in docs/guarantees.md."""
        names = ", ".join(f"`{test.rpartition('::')[2]}`" for test in self.test.split())
        return f"| {self.name} | {self.breaks} | {names} |"


_CRASHES = "tests/simulation/test_crashes.py"
_RECORDS = """\
        ctx = self._ctx
        return await insist(
            lambda: ctx.store.write(
                sources.record_poll,
"""

MUTANTS = (
    Mutant(
        name="receipt before the send",
        breaks="what is cut off on its way is lost",
        file="actors/publisher.py",
        old="        try:\n            if grace.stopping:\n",
        new="        await self._note(delivery, post_id, Sent(message_ids=(1,)), None)\n"
        "        try:\n            if grace.stopping:\n",
        test=f"{_CRASHES}::test_send_in_flight_at_a_kill_is_looked_for",
    ),
    Mutant(
        name="validators in a commit of their own, before the links",
        breaks="a crash between both loses links: the next answer is 304",
        file="actors/poller.py",
        old=_RECORDS,
        new="        await self._ctx.store.write(\n"
        "            lambda db: db.execute(\n"
        '                "UPDATE sources SET etag = ?, last_modified = ? WHERE id = ?",\n'
        "                (report.validators.etag, report.validators.last_modified, report.source_id),\n"
        "            )\n"
        "        )\n" + _RECORDS,
        test=f"{_CRASHES}::test_crash_after_every_commit",
    ),
    Mutant(
        name="links in a commit of their own, before what is wanted of them",
        breaks="a crash between both loses them: they are known, and nobody was asked",
        file="actors/poller.py",
        old=_RECORDS,
        new="        from store import history\n\n"
        "        await self._ctx.store.write(\n"
        "            lambda db: history.accept(\n"
        "                db, report.source_id, report.candidates,\n"
        "                private_to=None, now_ms=self._ctx.now_ms(),\n"
        "            )\n"
        "        )\n" + _RECORDS,
        test=f"{_CRASHES}::test_crash_after_every_commit",
    ),
    Mutant(
        name="a sweep knows only posts that were begun after the one looked for",
        breaks="a copy of an earlier one in doubt lies around in the owner's chat for ever",
        file="store/reconciling.py",
        old="id >= :post OR id >= :post - :in_flight",
        new="id >= :post OR id >= :post",
        test="tests/store/test_reconciling.py::test_a_copy_of_an_earlier_post_in_doubt_is_a_stray_copy_too",
    ),
    Mutant(
        name="sends of a dead process are not rescued",
        breaks="what was under way at a crash stays so for ever",
        file="store/queue.py",
        old="WHERE lease_owner IS NOT NULL AND state = 'sending' AND",
        new="WHERE lease_owner IS NOT NULL AND state = 'nothing' AND",
        test=f"{_CRASHES}::test_send_in_flight_at_a_kill_is_looked_for",
    ),
    Mutant(
        name="a send without a clear answer is tried again",
        breaks="posts are there twice",
        file="store/posts.py",
        old='_move(db, row, "uncertain", None, now_ms)',
        new='_move(db, row, "pending", None, now_ms)',
        test="tests/simulation/test_delivery.py",
    ),
    Mutant(
        name="a filtered link gets a row of the outbox",
        breaks="another subscription of the chat cannot want it any more",
        file="store/wishes.py",
        old="    if sifted.stopped:\n",
        new="    for stopped in sifted.stopped:\n"
        "        db.execute(\n"
        '            "INSERT INTO queue "\n'
        '            "(chat_id, topic_id, history_id, position, state, reason, state_ms, created_ms) "\n'
        "            \"VALUES (?, ?, ?, 0, 'dropped', 'filtered', ?, ?)\",\n"
        '            (row["chat_id"], row["topic_id"], stopped, now_ms, now_ms),\n'
        "        )\n"
        "    if sifted.stopped:\n",
        test="tests/store/test_filtering.py::test_another_source_of_the_chat_may_still_want_it",
    ),
    Mutant(
        name="a search takes the program's own posts for strangers'",
        breaks="every message behind the doubt is copied, and a busy chat is never told apart",
        file="store/reconciling.py",
        old='"shared": shared},\n    ).fetchall()\n    return {row[0] for row in rows}\n',
        new='"shared": shared},\n    ).fetchall()\n    return {row[0] for row in rows if row[0] < 0}\n',
        test="tests/store/test_reconciling.py::test_nothing_is_looked_for_before_a_minute_has_passed",
    ),
    Mutant(
        name="posts go out beside one in doubt",
        breaks="later posts overtake it, and more than one message is unknown",
        file="store/outbox/claiming.py",
        old="            WHERE chat_id = chats.chat_id AND state = 'uncertain'\n",
        new="            WHERE chat_id = chats.chat_id AND state = 'nothing'\n",
        test="tests/store/test_queue.py::test_a_chat_in_fresh_doubt_waits_two_minutes_at_most",
    ),
    Mutant(
        name="a lane is served from its end",
        breaks="posts overtake each other",
        file="store/outbox/claiming.py",
        old="AND lane = lanes.lane\n                ORDER BY position LIMIT 1)",
        new="AND lane = lanes.lane\n                ORDER BY position DESC LIMIT 1)",
        test=f"{_CRASHES}::test_send_in_flight_at_a_kill_is_looked_for "
        f"{_CRASHES}::test_crash_right_after_telegram_accepted_a_message",
    ),
    Mutant(
        name="a send is not shielded from the end of the program",
        breaks="each restart leaves a doubt",
        file="actors/graceful.py",
        old="        scope = trio.CancelScope(shield=True)\n",
        new="        scope = trio.CancelScope(shield=False)\n",
        test="tests/simulation/test_shutdown.py::test_in_the_middle_of_a_send_that_is_answered_in_time",
    ),
    Mutant(
        name="sources that a dead process was reading are not given back",
        breaks="they are left alone until their leases end",
        file="store/claims.py",
        old='WHERE lease_owner IS NOT NULL AND {is_dead("lease_owner")}',
        new='WHERE lease_owner IS NULL AND {is_dead("lease_owner")}',
        test=f"{_CRASHES}::test_crash_after_every_commit",
    ),
    Mutant(
        name="pages that a dead process was reading are not given back",
        breaks="their links wait for nothing",
        file="store/pages.py",
        old='WHERE lease_owner IS NOT NULL AND {is_dead("lease_owner")}',
        new='WHERE lease_owner IS NULL AND {is_dead("lease_owner")}',
        test="tests/simulation/test_crashes_of_pages.py",
    ),
    Mutant(
        name="sends are rescued from a process that lives",
        breaks="what is being sent is looked for, and perhaps sent, by two",
        file="store/queue.py",
        old="""WHERE lease_owner IS NOT NULL AND state = 'sending' AND {is_dead("lease_owner")}""",
        new="WHERE lease_owner IS NOT NULL AND state = 'sending' AND lease_owner <> :me",
        test="tests/store/test_queue.py::"
        "test_what_the_dead_had_claimed_goes_back_and_what_they_had_begun_is_in_doubt",
    ),
    Mutant(
        name="copies of a search that was cut off are forgotten",
        breaks="they lie around in the owner's chat for ever",
        file="store/reconciling.py",
        old="WHERE kind = 'probe' AND ended_ms IS NULL AND {is_dead",
        new="WHERE kind = 'nothing' AND ended_ms IS NULL AND {is_dead",
        test="tests/simulation/test_probing.py::test_a_crash_in_the_middle_of_a_search",
    ),
    Mutant(
        name="two processes may own the database",
        breaks="both publish the same",
        file="store/lock.py",
        old="fcntl.LOCK_EX",
        new="fcntl.LOCK_SH",
        test="tests/simulation/test_shutdown.py::test_second_program_on_the_database_is_refused",
    ),
    Mutant(
        name="commits are not synced",
        breaks="a loss of power takes back that something was sent, and it is sent again",
        file="store/connection.py",
        old="PRAGMA synchronous = FULL",
        new="PRAGMA synchronous = NORMAL",
        test="tests/store/test_connection.py::test_pragmas",
    ),
    Mutant(
        name="what was due in a future that a clock has left is waited for",
        breaks="a clock that is set back stops all sources for as long",
        file="store/claims.py",
        old="WHERE {_POLLED} AND scheduled_ms > :now",
        new="WHERE {_POLLED} AND scheduled_ms > :now AND :now < 0",
        test="tests/simulation/test_faults_of_feeds.py::test_clock_that_jumped_back_delays_nobody",
    ),
    Mutant(
        name="a gap of a host that ends during a claim is slept through",
        breaks="its sources are left alone for a minute",
        file="actors/web/hosts.py",
        old="return self.next_start_in_s() or _LOOK_S",
        new='return self.next_start_in_s() or float("inf")',
        test="tests/actors/web/test_hosts.py::"
        "test_a_host_whose_gap_ended_since_it_was_found_busy_is_looked_at_again",
    ),
    Mutant(
        name="a subscription that is taken back goes on from now",
        breaks="what came between its removal and that is never posted",
        file="store/removing.py",
        old="THEN 'all' ELSE catch_up END",
        new="THEN 'none' ELSE catch_up END",
        test="tests/simulation/test_taking_back.py::test_nothing_of_what_came_meanwhile_is_missed",
    ),
)
