"""What was done, or could not be, with a post that is in its chat."""

SENT_WORDS = {
    "sent_changing": "On its way into the chat.",
    "sent_deleting": "It is being deleted. Its link is not posted again by itself.",
    "sent_gone": "There is no such post any more.",
    "sent_digest": "It shares a digest with other links: that can be deleted, but not changed.",
    "sent_unknown": "Forward it to me once more, so that I know what it says now.",
    "sent_no_room": "There is no room in it for one more word.",
    "sent_sold_before": "It says so already.",
    "sent_again_before": "It was posted again before.",
    "sent_muted": "Its source is paused.",
    "sent_unmuted": "Its source goes on.",
    "sent_settled": "This was settled before.",
    "sent_no_source": "No source of this chat brings it.",
    "sent_rule_added": "Added; /filter shows all rules.",
    "sent_rule_there": "This rule is there already.",
    "sent_rule_old": "This button is too old.",
    "deleted": "it was to be deleted",
}
"""Words of codes, for `core.words.say`."""
