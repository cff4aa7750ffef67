"""What was done, or could not be, with a post that is in its chat."""

from core.languages import marked

SENT_WORDS = {
    "sent_changing": marked("On its way into the chat."),
    "sent_deleting": marked("It is being deleted. Its link is not posted again by itself."),
    "sent_gone": marked("There is no such post any more."),
    "sent_digest": marked("It shares a digest with other links: that can be deleted, but not changed."),
    "sent_unknown": marked("Forward it to me once more, so that I know what it says now."),
    "sent_no_room": marked("There is no room in it for one more word."),
    "sent_sold_before": marked("It says so already."),
    "sent_again_before": marked("It was posted again before."),
    "sent_muted": marked("Its source is paused."),
    "sent_unmuted": marked("Its source goes on."),
    "sent_settled": marked("This was settled before."),
    "sent_no_source": marked("No source of this chat brings it."),
    "sent_rule_added": marked("Added; /filter shows all rules."),
    "sent_rule_there": marked("This rule is there already."),
    "sent_rule_old": marked("This button is too old."),
    "deleted": marked("it was to be deleted"),
}
"""Words of codes, for `core.words.say`."""
