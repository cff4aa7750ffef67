"""Sites with feeds: they grow by themselves, answer as good servers do, and break when told to."""

from simulation.feeds.entry import Entry
from simulation.feeds.feed import Feed
from simulation.feeds.feed_world import FeedWorld, Requested
from simulation.feeds.trouble import Trouble

__all__ = ["Entry", "Feed", "FeedWorld", "Requested", "Trouble"]
