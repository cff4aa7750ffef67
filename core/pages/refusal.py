"""Answers that are no page: errors, challenges to prove oneself human, walls of logins and consent."""

import re

from core.documents.opening import FEED_ROOTS, find_root, looks_like_json, opening
from core.entries import Document
from core.pages.excerpt import MOST_BYTES, excerpt
from core.pages.head import Head, read_head

OK = 200

_FORBIDDEN = frozenset({401, 402, 403, 407, 451})
_TOO_MANY = 429
_FIRST_SERVER_ERROR = 500
_SUCCESS = range(200, 300)

_PAGE_TYPES = ("html", "xml", "text/plain", "octet-stream")
_MAGIC = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"RIFF", b"\x1f\x8b", b"{\\rtf")
_OTHER_ROOTS = FEED_ROOTS | {"urlset", "sitemapindex", "svg", "opml"}

_PLAIN_START = re.compile(rb"<!(?:DOCTYPE|doctype) html>")
"""How most pages begin."""

# What stands at the beginning of a title, by the code that it means.
_TITLE = re.compile(
    r"(?P<challenge>just a moment|attention required!? \| cloudflare|checking your browser|ddos-guard"
    r"|one more step"
    r"|please wait\W*(?:\| cloudflare)?$|are you (?:a |not a )?(?:robot|human)|robot check|human verification"
    r"|verify(?:ing)? (?:that )?you(?:'re| are) (?:a )?human|security (?:check|verification)|bot verification"
    r"|captcha|pardon our interruption|unusual traffic|challenge validation|request unsuccessful"
    r"|вы не робот|ой!?$|oops!?$|подтвердите, что|проверка (?:браузера|безопасности)|докажите, что)"
    r"|(?P<access_denied>access (?:to this page has been )?denied|access (?:is )?(?:restricted|blocked)"
    r"|(?:error )?403\b"
    r"|forbidden|you have been blocked|sorry, you have been blocked|доступ (?:ограничен|запрещ[её]н|закрыт)"
    r"|zugriff verweigert|accès refusé|acceso denegado)"
    r"|(?P<consent_wall>before you continue|bevor sie (?:zu|fortfahren)|avant d'accéder|prima di continuare"
    r"|antes de (?:ir|continuar)|прежде чем перейти|(?:dpg media )?privacy gate|cookie consent"
    r"|your privacy choices|we value your privacy)"
    r"|(?P<login_wall>(?:.{0,40}\W\s)?(?:log ?in|sign[ -]?in|log on)\b|login\b"
    r"|вход\b|войти\b|войдите\b|авторизация\b"
    r"|anmelden\b|anmeldung\b|se connecter\b|connexion\b|iniciar sesión\b|accedi\b|entrar\b|zaloguj)",
    re.IGNORECASE,
)
_PASSWORD = re.compile(rb"<input\b[^<>]*?\btype\s*=\s*[\"']?password", re.IGNORECASE)
_CONSENT_HOST = re.compile(
    r"https?://(?:[a-z0-9-]+\.)*(?:consent|guce|myprivacy|cmp-consent)\.", re.IGNORECASE
)
# Of Cloudflare, DataDome, PerimeterX, Incapsula, Akamai, AWS, Yandex, DDoS-Guard, Qrator, Kasada.
_CHALLENGE = re.compile(
    rb"_cf_chl_opt|cf-browser-verification|cf-chl-|cf-error-details|captcha-delivery\.com|px-captcha"
    rb"|_Incapsula_Resource|Incapsula incident|sec-if-cpt-container|/_sec/cp_challenge|awsWafCookieDomainList"
    rb"|gokuProps|showcaptcha|ddos-guard/|__qrator|/ips\.js\?KP_UIDz"
)
# These stand in the forms of honest pages too.
_CAPTCHA = re.compile(rb"[sS]mart-?[cC]aptcha|g-recaptcha|h-captcha|cf-turnstile")
_NEEDS_SCRIPTS = re.compile(
    r"(?:enable|activate|turn on|allow|without|requires?|needs?|включ\w+|aktivier\w+|activer|habilit\w+)"
    r"\b.{0,40}\bjavascript"
    r"|javascript\b.{0,40}\b(?:disabled|required|enabled?|отключ\w+|включ\w+|aktivieren|désactivé)",
    re.IGNORECASE | re.DOTALL,
)
_UNSEEN = re.compile(
    r"<(script|style|noscript|template|title)\b[^<]*+(?:<(?!/\1)[^<]*+)*+|<!--[^-]*+(?:-(?!->)[^-]*+)*+|<[^<>]*+>?",
    re.IGNORECASE,
)
_SHELL_BYTES = 256 * 1024
_LITTLE_TEXT = 400
_NO_TEXT = 20
_OWN_METADATA = (
    "og:title", "og:image", "og:description", "twitter:title", "twitter:image", "article:published_time",
    "description", "dc.title", "citation_title",
)  # fmt: skip


def refusal(document: Document, status: int = OK) -> str | None:
    """Tell why an answer is no page that could be read; None where it is one.

    Returns:
        `forbidden`, `throttled`, `server_error` or `http_status` by its status; `empty`, `not_html`;
        `challenge` (prove that you are human), `access_denied`, `login_wall`, `consent_wall`,
        `needs_scripts` (an empty shell). Never raises.
    """
    cut = excerpt(document)
    head = read_head(cut.head, document.url)
    return refusal_of(document, status, head, has_things=bool(cut.blocks or head.blocks))


def refusal_of(document: Document, status: int, head: Head, *, has_things: bool) -> str | None:
    """Do the same where the head was read already."""
    code = _by_status(status) or _by_kind(document)
    if code is not None:
        return code
    title = " ".join((head.title or head.first("og:title"))[:200].split())
    if _CONSENT_HOST.match(document.url):
        return "consent_wall"
    found = _TITLE.match(title)
    said = found.lastgroup if found is not None else None
    if said == "login_wall" and _PASSWORD.search(document.body, 0, MOST_BYTES):
        return said
    if has_things or head.first(*_OWN_METADATA):
        is_challenge = said in ("challenge", "access_denied")
        return "challenge" if is_challenge and _CHALLENGE.search(document.body, 0, _SHELL_BYTES) else None
    return _by_look(document, said)


def _by_status(status: int) -> str | None:
    if status in _SUCCESS:
        return None
    if status in _FORBIDDEN:
        return "forbidden"
    if status == _TOO_MANY:
        return "throttled"
    return "server_error" if status >= _FIRST_SERVER_ERROR else "http_status"


def _by_kind(document: Document) -> str | None:
    if not document.body or document.body.isspace():
        return "empty"
    media_type = document.content_type.partition(";")[0].strip().lower()
    if "/" in media_type and not any(known in media_type for known in _PAGE_TYPES):
        return "not_html"
    if _PLAIN_START.match(document.body):
        return None
    start = opening(document.body)
    if start.startswith(_MAGIC) or b"<" not in document.body or looks_like_json(start):
        return "not_html"
    root = find_root(start)
    return "not_html" if root is not None and root.name in _OTHER_ROOTS else None


def _by_look(document: Document, said: str | None) -> str | None:
    """Judge a page that has no metadata of its own, by what its title said and by its body."""
    body = document.body[:_SHELL_BYTES]
    if said == "challenge" or _CHALLENGE.search(body):
        return "challenge"
    if said in ("access_denied", "consent_wall"):
        return said
    text = body.decode("utf-8", "replace")
    seen = " ".join(_UNSEEN.sub(" ", text).split())
    if len(seen) > _LITTLE_TEXT:
        return None
    if _CAPTCHA.search(body):
        return "challenge"
    if b"<script" not in body.lower():
        return None
    return "needs_scripts" if len(seen) < _NO_TEXT or _NEEDS_SCRIPTS.search(text) else None
