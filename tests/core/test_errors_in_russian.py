# ruff: noqa: RUF001 - Russian letters that look like Latin ones are meant
"""What is wrong with what somebody typed is said in the language of whoever reads it, whoever found it."""

import re
from collections.abc import Callable

import pytest

from core.documents.json_items import compile_query
from core.documents.selectors import check_selector
from core.errors import UserError, WrongValue
from core.kinds.options import read_options
from core.languages import speaking
from core.opml import BrokenList, with_pauses
from core.posting.hours import parse_days
from core.posting.post_request import parse_post
from core.posting.rules import PostingRules, parse_rules
from core.rendering.amended import sold_out
from core.requests import check_backlog, check_interval
from core.set_values import expire
from core.templates.engine import compiled
from core.templates.errors import WrongTemplate
from core.templates.mistakes import say_mistake
from core.text import utf16_length


def _schedule(text: str) -> PostingRules:
    return parse_rules(text, PostingRules())


@pytest.mark.parametrize(
    ("read", "typed", "said"),
    [
        (lambda text: check_interval(text, interval_min_s=60), "soon", "every: «soon» — не срок"),
        (lambda text: expire(text, 60), "99999d", "expire: «99999d» — это больше десяти лет"),
        (check_backlog, "some", "backlog: «some» не подходит: напишите none, all, число"),
        (check_backlog, "2026-13-01", "backlog: «2026-13-01»: такого месяца, дня или часа не бывает"),
        (parse_post, "at=99 https://example.com/1", "at: «99» — не время суток: пишите вроде 08:30"),
        (_schedule, "hold later", "hold: «later» — не часы: пишите вроде 23:00-08:00. Например:"),
        (_schedule, "hold 8:00-9:00 xyz", "hold: «xyz» — не день"),
        (_schedule, "gap 2d", "gap: самый длинный промежуток — сутки"),
        (_schedule, "cap 0", "cap: «0» — не число постов от 1 до 1000"),
        (_schedule, "fold x", "fold: «x» — не число постов до 1000"),
        (lambda text: check_selector("item", text), "[[", "item: «[[» — не селектор CSS"),
        (lambda text: check_selector("item", text), ".a" * 200, "длиннее 300 знаков"),
        (lambda text: check_selector("item", text), "a ~ b ~ c ~ d", "item: в «a ~ b ~ c ~ d» больше 2 раз"),
        (lambda text: compile_query("items", text), "$[[", "items: «$[[» — не запрос JSONPath"),
        (lambda text: compile_query("items", text), "$..a..b", "не больше одного .., одного $ и 20 скобок"),
        (lambda text: read_options("auto", select=None, rules=text), "{}", "as=list или as=json"),
    ],
)  # fmt: skip
def test_an_error_is_put_into_words_when_it_is_shown(
    read: Callable[[str], object], typed: str, said: str
) -> None:
    with pytest.raises(UserError) as caught:  # English holds where it is raised
        read(typed)
    assert not re.search("[а-яё]", str(caught.value))
    with speaking("ru"):
        assert said in str(caught.value)


def test_what_settings_refuse_is_a_value_error_in_english() -> None:
    with pytest.raises(ValueError, match="'someday' is no day: write mon") as caught:
        parse_days("someday")
    assert isinstance(caught.value, WrongValue)


@pytest.mark.parametrize(
    ("template", "english", "russian"),
    [
        ("{{ 2*3 }}", "multiplication is not allowed.", "умножение не разрешено."),
        ("{% include 'x' %}", "include is not allowed.", "include нельзя."),
        ("{{ title|shout }}", "No filter named 'shout'.", "Фильтра 'shout' нет."),
        ("{{", "unexpected 'end of template'", "неожиданно: конец шаблона"),
        ("{% if %}", "Expected an expression, got 'end of statement block'", "вместо выражения здесь «%}»"),
        ("{{ 'a }}", 'unexpected char "\'" at 3', 'неожиданный знак "\'" на месте 3'),
        ("{% endif %}", "Encountered unknown tag 'endif'.", "Тега 'endif' я не знаю."),
        ("{% if title %}", "Unexpected end of template. Jinja was looking", "Ещё не закрыт блок 'if'."),
        ("{% if title %}{% endfor %}", "looking for the following tags: 'elif' or", "'elif' или 'else'"),
        (
            "{% if title %}{% for tag in tags %}{% endif %}",
            "You probably made a nesting mistake",
            "блок 'for'.",
        ),
    ],
)
def test_what_is_wrong_with_a_template(template: str, english: str, russian: str) -> None:
    with pytest.raises(WrongTemplate, match=re.escape(english)):
        compiled(template)
    with speaking("ru"), pytest.raises(WrongTemplate, match=re.escape(russian)):
        compiled(template)


def test_a_mistake_that_is_not_known_stays_as_jinja_says_it() -> None:
    with speaking("ru"):
        assert say_mistake("something new\nin Jinja") == "something new\nin Jinja"


def test_what_is_wrong_with_a_list() -> None:
    with speaking("ru"), pytest.raises(BrokenList, match="строка 1: открывающий и закрывающий теги"):
        list(with_pauses([b"<opml><body></opml>"]))


def test_the_word_before_a_sold_post_is_bold_in_each_language() -> None:
    with speaking("ru"):
        made = sold_out("🎺 Труба", [], title="Труба", limit=4096)
    assert made is not None
    text, (bold, struck) = made
    assert text == "Продано: 🎺 Труба"
    assert (bold["offset"], bold["length"]) == (0, utf16_length("Продано"))
    assert (struck["offset"], struck["length"]) == (utf16_length("Продано: 🎺 "), utf16_length("Труба"))
