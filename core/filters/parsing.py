"""Rules, read from what people write."""

import re
from decimal import Decimal
from typing import NoReturn, get_args

from core.durations import parse_duration
from core.filters.fields import FIELDS, KNOWN, OPERATORS
from core.filters.lexing import Token, tokens
from core.filters.numbers import read_number
from core.filters.patterns import BadPattern, check_pattern
from core.filters.problem import bad_rule
from core.filters.terms import Action, And, Condition, Not, Or, Pattern, Rule, Test, Value
from core.languages import gettext as _

MOST_RULES = 30
KEYWORDS = frozenset({"and", "or", "not", "in", "is", "contains", "where"})
ACTIONS: tuple[Action, ...] = get_args(Action)
_DEEPEST = 20
_TAG = re.compile(r"#?(?P<name>\w{1,64})")
_HIGHEST_TOPIC = 2**31 - 1


def parse_rules(text: str) -> tuple[Rule, ...]:
    """Read rules, one a line or with `;` between them.

    Raises:
        BadRule: what is wrong, with the place; nothing else is ever raised.
    """
    reader = _Reader(text)
    rules: list[Rule] = []
    while not reader.next_is("end"):
        if reader.next_is("break"):
            reader.take()
            continue
        if len(rules) == MOST_RULES:
            reader.refuse(_("A filter may have {most_rules} rules").format(most_rules=MOST_RULES))
        rules.append(reader.rule())
    return tuple(rules)


class _Reader:
    """Recursive descent over the pieces of a text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(tokens(text))
        self._place = 0
        self._depth = 0

    def rule(self) -> Rule:
        action = self._action()
        tags = self._tags() if action == "tag" else ()
        topic_id = self._topic() if action == "topic" else 0
        if self._word("where"):
            self.take()
        condition = self._any()
        if not (self.next_is("end") or self.next_is("break")):
            self.refuse(_("I expected “and”, “or” or the end here; put several words into quotes"))
        return Rule(action=action, condition=condition, tags=tags, topic_id=topic_id)

    def next_is(self, kind: str) -> bool:
        return self._tokens[self._place].kind == kind

    def take(self) -> Token:
        token = self._tokens[self._place]
        self._place += token.kind != "end"
        return token

    def refuse(self, what: str, at: int | None = None) -> NoReturn:
        raise bad_rule(self._text, self._tokens[self._place].at if at is None else at, what)

    def _word(self, *words: str) -> bool:
        token = self._tokens[self._place]
        return token.kind == "word" and token.text.lower() in words

    def _action(self) -> Action:
        action = next((each for each in ACTIONS if self._word(each)), None)
        if action is None:
            self.refuse(
                _("A rule begins with {actions} or {actions2}").format(
                    actions=", ".join(ACTIONS[:-1]), actions2=ACTIONS[-1]
                )
            )
        self.take()
        return action

    def _tags(self) -> tuple[str, ...]:
        names: list[str] = []
        while not names or self.next_is(","):
            if names:
                self.take()
            found = _TAG.fullmatch(self._tokens[self._place].text) if self.next_is("word") else None
            if found is None:
                self.refuse(_("I expected a hashtag here, like #sale: letters, digits and _"))
            self.take()
            names.append(found["name"])
        return tuple(dict.fromkeys(names))

    def _topic(self) -> int:
        text = self._tokens[self._place].text
        if not (self.next_is("word") and re.fullmatch("[0-9]{1,10}", text) and int(text) <= _HIGHEST_TOPIC):
            self.refuse(_("I expected the number of a topic here, like topic 45"))
        self.take()
        return int(text)

    def _any(self) -> Condition:
        terms = [self._all()]
        while self._word("or"):
            self.take()
            terms.append(self._all())
        return terms[0] if len(terms) == 1 else Or(terms=tuple(terms))

    def _all(self) -> Condition:
        terms = [self._one()]
        while self._word("and"):
            self.take()
            terms.append(self._one())
        return terms[0] if len(terms) == 1 else And(terms=tuple(terms))

    def _one(self) -> Condition:
        if not (self._word("not") or self.next_is("(")):
            return self._test()
        self._check_depth()
        self._depth += 1
        if self.take().kind == "(":
            inner = self._any()
            if not self.next_is(")"):
                self.refuse(_("I expected “)” here"))
            self.take()
        else:
            inner = Not(term=self._one())
        self._depth -= 1
        return inner

    def _check_depth(self) -> None:
        if self._depth == _DEEPEST:
            self.refuse(_("This is nested too deeply"))

    def _test(self) -> Condition:
        if not self._word(*FIELDS):
            self.refuse(_("I expected a fact here: {fields}").format(fields=", ".join(FIELDS)))
        field = self.take().text.lower()
        negated = self._word("not") and self._tokens[self._place + 1].text.lower() in ("in", "contains")
        if negated:
            self._check_depth()
            self.take()
        allowed = OPERATORS[FIELDS[field]]
        if not ((self.next_is("sign") or self.next_is("word")) and self._word_or_sign() in allowed):
            self.refuse(
                _("After “{field}” I expected one of {allowed}").format(
                    field=field, allowed=" ".join(allowed)
                )
            )
        operator = self.take().text.lower()
        values = self._list(field, operator) if operator == "in" else (self._value(field, operator),)
        test = Test(field=field, operator=operator, values=values)
        return Not(term=test) if negated else test

    def _word_or_sign(self) -> str:
        return self._tokens[self._place].text.lower()

    def _list(self, field: str, operator: str) -> tuple[Value, ...]:
        if not self.next_is("("):
            self.refuse(_("I expected a list here, like (red, green)"))
        self.take()
        values = [self._value(field, operator)]
        while self.next_is(","):
            self.take()
            values.append(self._value(field, operator))
        if not self.next_is(")"):
            self.refuse(_("I expected “,” or “)” here"))
        self.take()
        return tuple(dict.fromkeys(values))

    def _value(self, field: str, operator: str) -> Value:
        token = self._tokens[self._place]
        kind = FIELDS[field]
        if operator == "is":
            if not self._word(*KNOWN):
                self.refuse(
                    _("I expected known or unknown here, like {field} is unknown").format(field=field)
                )
            return self.take().text.lower()
        if kind == "number":
            return self._number(token, among_others=operator == "in")
        if kind == "age":
            return self._age(token)
        if token.kind == "pattern" and token.pattern is not None:
            if operator not in ("~", "!~"):
                self.refuse(_("A pattern goes with ~ or !~; put a text with slashes into quotes"))
            return self._pattern(token, token.pattern)
        if token.kind not in ("word", "text") or (token.kind == "word" and self._word(*KEYWORDS)):
            self.refuse(_("I expected a value here"))
        if not token.text.strip():
            self.refuse(_("There is nothing between these quotes"))
        return self.take().text

    def _number(self, token: Token, *, among_others: bool) -> Decimal:
        number = read_number(token.text) if token.kind == "word" else None
        if number is None:
            self.refuse(_("I expected a number here, like 5000 or 19,99"))
        if among_others and "," in token.text:
            self.refuse(_("Write a space after each comma of a list, and no comma within a number"))
        self.take()
        return number

    def _age(self, token: Token) -> Decimal:
        try:
            seconds = parse_duration(token.text if token.kind == "word" else "")
        except ValueError:
            self.refuse(_("I expected a span here, like 90s, 10m, 2h or 1d, of ten years at most"))
        self.take()
        return Decimal(round(seconds))

    def _pattern(self, token: Token, pattern: Pattern) -> Pattern:
        try:
            check_pattern(pattern)
        except BadPattern as error:
            inside = token.text.find(error.fragment) if error.fragment else 0
            self.refuse(str(error), token.at + max(0, inside))
        self.take()
        return pattern
