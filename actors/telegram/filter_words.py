"""What is said about the rules of /filter."""

from core.filters.fields import FIELDS
from core.languages import gettext as _
from core.languages import marked
from core.text import cut
from store.dry_runs import DryRun, RuleRun
from store.filters import RuleSet

_TITLE_LIMIT = 100

_HELP = marked("""A rule is what to do, and of which links:
/filter block title ~ /webinar/i
/filter 3 keep price < 5000 and discount >= 20
/filter 3 tag #sale discount >= 30
Also: topic 45 …, silent …, first …
Facts: FIELDS
Signs: = != ~ !~ < <= > >= in contains, and, or, not, ( )
/filter 3 shows the rules of No. 3, /filter 3 remove 2 ends one, /filter 3 off all of them; without a number \
it is about the whole chat.
/filter test 3 block title ~ sale tries a rule on the links that came before.""")


def help_text() -> str:
    """Return how rules are written."""
    return _(_HELP).replace("FIELDS", ", ".join(FIELDS))


def rules_text(rules: RuleSet) -> str:
    """Return numbered rules in words."""
    whole = rules.number is None
    if rules.rules:
        head = _("Rules for the whole chat:") if whole else _("Rules for No. {number} ({name}):")
    elif whole:
        head = _("No rules for the whole chat: everything is posted.")
    else:
        head = _("No rules for No. {number} ({name}): everything is posted.")
    lines = [f"{place}. {rule}" for place, rule in enumerate(rules.rules, 1)]
    return "\n".join([head.format(number=rules.number, name=cut(rules.name, _TITLE_LIMIT)), *lines])


def dry_run_text(run: DryRun) -> str:
    """Return in words what rules would have done."""
    if not run.rules:
        return _("There are no rules to try. Write one behind it, like /filter test block title ~ sale")
    if not run.links:
        return _("Nothing has come yet that it could be tried on.")
    lines = [
        _("This would have stopped {stopped} of the last {links} links.").format(
            stopped=run.stopped, links=run.links
        )
    ]
    for each in run.rules:
        lines += ["", each.rule, _fits(each), *(f"• {cut(title, _TITLE_LIMIT)}" for title in each.examples)]
    return "\n".join(lines)


def _fits(run: RuleRun) -> str:
    said = _("fits {count}").format(count=run.fits)
    if run.unknown:
        said += _("; of {unknown} it cannot be said, for their pages did not tell").format(
            unknown=run.unknown
        )
    return said + (_(", such as") if run.examples else "")
