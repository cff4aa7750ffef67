"""Rules of a chat for the links it publishes: parameters added, links wrapped, marks required and shown.

The key of a link knows nothing of them: they change what is published, never what is compared.
"""

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote, unquote

from core.errors import UserError
from core.text import cut, one_line
from core.urls.normalize import RefusedUrl, host_of, normalize

EVERY_HOST = "*"
ERID = "erid"
"""The parameter that holds the token of an advertisement, and its field in templates."""

_MOST_RULES = 50
_AD_LIMIT = 200
_VALUE_LIMIT = 500
_MARK_LENGTH = 12
_HOST = re.compile(r"\*|(?:[a-z0-9_-]+\.)+[a-z0-9-]+", re.IGNORECASE)
_PARAMETER = re.compile(r"([A-Za-z0-9_.~\[\]-]{1,64})=(\S*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddParameter:
    """Links to a host get a parameter; one of the same name gives way."""

    host: str
    name: str
    value: str

    def __str__(self) -> str:
        return f"add {self.host} {self.name}={self.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrap:
    """Links to a host lead through another address, in which `{url}` is the link."""

    host: str
    target: str

    def __str__(self) -> str:
        return f"wrap {self.host} {self.target}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequireErid:
    """Links to a host are published with an erid only."""

    host: str

    def __str__(self) -> str:
        return f"require {ERID} {self.host}"


LinkRule = AddParameter | Wrap | RequireErid


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRules:
    """What a chat does with links, in the order in which its rules were given."""

    rules: tuple[LinkRule, ...] = ()
    ad: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedLink:
    """A link as it is published.

    Attributes:
        erid: its token, or empty.
        lacks_erid: the chat requires one.
    """

    url: str
    erid: str = ""
    lacks_erid: bool = False


def marked(url: str, rules: LinkRules) -> MarkedLink:
    """Apply rules to a link: parameters first, then wrapping; without rules it stays exactly as given."""
    if not rules.rules:
        return MarkedLink(url=url, erid=_erid_of(url))
    here = [rule for rule in rules.rules if _is_about(rule.host, host_of(url))]
    for rule in here:
        if isinstance(rule, AddParameter):
            url = _with_parameter(url, rule.name, rule.value)
    erid = _erid_of(url)
    lacks = not erid and any(isinstance(rule, RequireErid) for rule in here)
    wraps = [rule for rule in here if isinstance(rule, Wrap)]
    if wraps:
        url = wraps[-1].target.replace("{url}", quote(url, safe=""))
    return MarkedLink(url=url, erid=erid or _erid_of(url), lacks_erid=lacks and not _erid_of(url))


def changed(rules: LinkRules, text: str) -> LinkRules:
    """Return the rules after a change as people type it.

    Raises:
        UserError: it is none; the text says what can be written.
    """
    verb, _, rest = text.strip().partition(" ")
    rest = rest.strip()
    match verb.lower():
        case "off":
            return LinkRules()
        case "ad":
            return LinkRules(rules=rules.rules, ad=cut(one_line(rest), _AD_LIMIT))
        case "remove":
            return _without(rules, rest)
        case _:
            rule = parse_rule(text)
    kept = tuple(each for each in rules.rules if not _replaces(rule, each))
    if len(kept) >= _MOST_RULES:
        raise UserError(
            "A chat has {most_rules} link rules at the most; take one away first.", most_rules=_MOST_RULES
        )
    return LinkRules(rules=(*kept, rule), ad=rules.ad)


def marks(rules: LinkRules) -> dict[str, str]:
    """Return what a chat has set, each as it is typed, by a mark that names it whatever its number is."""
    lines = [*map(str, rules.rules), *([f"ad {rules.ad}"] if rules.ad else [])]
    return {sha256(line.encode("utf-8", "replace")).hexdigest()[:_MARK_LENGTH]: line for line in lines}


def parse_rule(text: str) -> LinkRule:
    """Read one rule, as typed or as stored (`str(rule)`).

    Raises:
        UserError: it is none.
    """
    match text.split():
        case [verb, word, host] if verb.lower() == "require" and word.lower() == ERID:
            return RequireErid(host=_host(host))
        case [verb, host, pair] if verb.lower() == "add":
            return _parameter(_host(host), pair)
        case [verb, host, target] if verb.lower() == "wrap":
            return Wrap(host=_host(host), target=_target(target))
        case _:
            raise UserError("""Write one of
add HOST param=value (a parameter for all links to a host and its parts; * is every host)
wrap HOST https://go.example/?to={url} (leads through another address)
require erid HOST (links without erid are held)
ad TEXT (stands under each post)
remove N · off""")


def _parameter(host: str, pair: str) -> AddParameter:
    found = _PARAMETER.fullmatch(pair)
    if found is None or len(found[2]) > _VALUE_LIMIT:
        raise UserError("“{pair}”: write a parameter like partner=42, without spaces.", pair=cut(pair, 60))
    return AddParameter(host=host, name=found[1], value=quote(found[2], safe="%-._~!$'()*,;:@/"))


def _target(target: str) -> str:
    try:
        normalize(target.replace("{url}", "x"))
    except RefusedUrl:
        raise UserError(
            "“{target}” is no web address. Write one like https://go.example/?to={{url}}",
            target=cut(target, 60),
        ) from None
    if "{url}" not in target:
        raise UserError("Say where in the address the link goes, with {url}: https://go.example/?to={url}")
    return target


def _host(text: str) -> str:
    host = text.lower().removeprefix("www.").rstrip("./")
    if _HOST.fullmatch(host) is None:
        raise UserError(
            "“{cut}” is no host. Write it like shop.example, or * for every host.", cut=cut(text, 60)
        )
    return host


def _without(rules: LinkRules, number: str) -> LinkRules:
    if not number.isdecimal() or not 1 <= int(number[:4]) <= len(rules.rules):
        raise UserError("Say the number of a rule; /link shows them.")
    at = int(number) - 1
    return LinkRules(rules=rules.rules[:at] + rules.rules[at + 1 :], ad=rules.ad)


def _replaces(new: LinkRule, old: LinkRule) -> bool:
    if type(new) is not type(old) or new.host != old.host:
        return False
    return not (isinstance(new, AddParameter) and isinstance(old, AddParameter)) or new.name == old.name


def _is_about(rule_host: str, host: str) -> bool:
    return rule_host in (EVERY_HOST, host) or host.endswith(f".{rule_host}")


def _with_parameter(url: str, name: str, value: str) -> str:
    base, hash_sign, fragment = url.partition("#")
    page, _, query = base.partition("?")
    others = [each for each in query.split("&") if each and each.partition("=")[0] != name]
    return f"{page}?{'&'.join([*others, f'{name}={value}'])}{hash_sign}{fragment}"


def _erid_of(url: str) -> str:
    query = url.partition("#")[0].partition("?")[2]
    pairs = (each.partition("=") for each in query.split("&"))
    return next((unquote(value) for name, _, value in pairs if name.lower() == ERID), "")


def stored(rules: LinkRules) -> str:
    """Return rules as they are kept: JSON."""
    return json.dumps({"rules": [str(rule) for rule in rules.rules], "ad": rules.ad}, ensure_ascii=False)


@lru_cache(maxsize=256)
def read_stored(text: str) -> LinkRules:
    """Return rules that were kept; a rule that this version does not know is left out."""
    kept = json.loads(text)
    rules = []
    for line in kept.get("rules", []):
        with suppress(UserError):
            rules.append(parse_rule(line))
    return LinkRules(rules=tuple(rules), ad=kept.get("ad", ""))
