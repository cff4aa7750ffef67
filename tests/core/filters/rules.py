"""Rules as Hypothesis makes them: any tree that the reader of rules could have made."""

from decimal import Decimal

from hypothesis import strategies as st

from core.filters.fields import FIELDS, KNOWN, OPERATORS
from core.filters.terms import And, Condition, Not, Or, Pattern, Rule, Test, Value

_WORDS = (
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=12
    )
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
_NUMBERS = st.decimals(min_value=0, max_value=10**9, places=3) | st.integers(0, 10**9).map(Decimal)
_PATTERNS = st.builds(
    Pattern,
    text=st.sampled_from(["a/b", r"\d+\\", "[/]x", "вебинар", r"a\.b|c", "^$", r"\pL{2}"]),
    ignore_case=st.booleans(),
)


@st.composite
def tests(draw: st.DrawFn) -> Test:
    field = draw(st.sampled_from(sorted(FIELDS)))
    kind = FIELDS[field]
    operator = draw(st.sampled_from(OPERATORS[kind]))
    values: st.SearchStrategy[Value]
    if operator == "is":
        values = st.sampled_from(KNOWN)
    elif kind == "number":
        values = _NUMBERS
    elif kind == "age":
        values = st.integers(0, 10**8).map(Decimal)
    else:
        values = _WORDS | _PATTERNS if operator in ("~", "!~") else _WORDS
    most = 3 if operator == "in" else 1
    chosen = draw(st.lists(values, min_size=1, max_size=most, unique=True))
    return Test(field=field, operator=operator, values=tuple(chosen))


def _grown(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.builds(Not, term=inner) | st.builds(And, terms=several) | st.builds(Or, terms=several)


CONDITIONS: st.SearchStrategy[Condition] = st.recursive(tests(), _grown, max_leaves=6)
_NAMES = st.lists(st.sampled_from(["sale", "новость", "a_1"]), min_size=1, max_size=2, unique=True)
RULES = st.one_of(
    st.builds(Rule, action=st.sampled_from(["keep", "block", "silent", "first"]), condition=CONDITIONS),
    st.builds(Rule, action=st.just("tag"), condition=CONDITIONS, tags=_NAMES.map(tuple)),
    st.builds(Rule, action=st.just("topic"), condition=CONDITIONS, topic_id=st.integers(0, 2**31 - 1)),
)
