"""What may be written in a template: so little that it cannot take long.

There are no calls, no assignments, no multiplication and no loops but over tags, not one in another. What
runs is therefore at most thirty times as long as what was written (4,096 characters), and each filter takes
time in proportion to its input, which is bounded too.
"""

from itertools import islice

from jinja2 import nodes

from core.languages import gettext as _
from core.languages import marked
from core.templates.errors import WrongTemplate
from core.templates.fields import FIELDS

LOOPS_OVER = "tags"
_MOST_PARTS = 1_000
_OF_LOOPS = frozenset(("first", "last", "index"))
_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Const,
    nodes.Tuple,
    nodes.List,
    nodes.Name,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Neg,
    nodes.Add,
    nodes.Sub,
    nodes.Concat,
    nodes.Filter,
    nodes.Test,
    nodes.Keyword,
    nodes.For,
    nodes.Getattr,
)
_NAMES_OF_OTHERS = {
    nodes.Call: marked("nothing can be called; filters are written like {{ title|cut(100) }}"),
    nodes.Assign: marked("set is not allowed"),
    nodes.AssignBlock: marked("set is not allowed"),
    nodes.Mul: marked("multiplication is not allowed"),
    nodes.Pow: marked("powers are not allowed"),
    nodes.Mod: marked("% is not allowed"),
    nodes.Getitem: marked("parts of a value are not allowed; use cut, first or last"),
}


def check_language(tree: nodes.Template) -> None:
    """Let pass a template that uses only what is allowed.

    Raises:
        WrongTemplate: it uses something else, or a field there is not, or far too much of anything.
    """
    if sum(1 for _rest in islice(tree.find_all(nodes.Node), _MOST_PARTS + 1)) > _MOST_PARTS:
        raise WrongTemplate(_("this is too complicated."))
    _check(tree, frozenset(FIELDS), in_loop=False)


def _check(node: nodes.Node, names: frozenset[str], *, in_loop: bool) -> None:
    if not isinstance(node, _ALLOWED):
        known = _NAMES_OF_OTHERS.get(type(node))
        what = _(known) if known else _("{name} is not allowed").format(name=type(node).__name__.lower())
        raise WrongTemplate(f"{what}.", node.lineno)
    if isinstance(node, nodes.Name) and node.name not in names:
        raise WrongTemplate(
            _("there is no field “{name}”. There are {fields}.").format(
                name=node.name[:40], fields=", ".join(FIELDS)
            ),
            node.lineno,
        )
    if isinstance(node, nodes.Getattr):
        _check_attribute(node, in_loop=in_loop)
    elif isinstance(node, nodes.For):
        _check_loop(node, names, in_loop=in_loop)
    else:
        for child in node.iter_child_nodes():
            _check(child, names, in_loop=in_loop)


def _check_attribute(node: nodes.Getattr, *, in_loop: bool) -> None:
    of_loop = in_loop and isinstance(node.node, nodes.Name) and node.node.name == "loop"
    if not of_loop or node.attr not in _OF_LOOPS:
        raise WrongTemplate(_("“.{attr}” is not allowed.").format(attr=node.attr[:40]), node.lineno)


def _check_loop(node: nodes.For, names: frozenset[str], *, in_loop: bool) -> None:
    if in_loop or node.recursive:
        raise WrongTemplate(_("a loop within a loop is not allowed."), node.lineno)
    if not isinstance(node.iter, nodes.Name) or node.iter.name != LOOPS_OVER:
        raise WrongTemplate(_("loops go over {loops_over} only.").format(loops_over=LOOPS_OVER), node.lineno)
    if not isinstance(node.target, nodes.Name) or node.target.name in names:
        raise WrongTemplate(_("a loop needs one new name, like {% for tag in tags %}."), node.lineno)
    inside = names | {node.target.name, "loop"}
    for child in (*node.body, *([node.test] if node.test is not None else [])):
        _check(child, inside, in_loop=True)
    for child in node.else_:
        _check(child, names, in_loop=in_loop)
