"""From bytes of a claimed charset to UTF-8, whatever the claims are worth."""

import codecs
import re
from collections.abc import Iterator

_CLAIM_BYTES = 1024
_XML_CLAIM = re.compile(rb"""<\?xml\b[^>]*?\bencoding\s*=\s*["']\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_META_BYTES = 4096  # the standard says 1,024; pages with long comments before it are met
_META_CLAIM = re.compile(rb"""<meta\b[^<>]*?\bcharset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_HTTP_CLAIM = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# How "<?", "<r" or '{"' begins in a charset of two bytes without a byte order mark (XML 1.0, appendix F).
_WIDE = ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"), (b"{\x00", "utf-16-le"), (b"\x00{", "utf-16-be"))

# Labels without punctuation -> codec. An own table, for Python also knows codecs that take square time
# (punycode, idna) or run escapes. As on the web, Latin-1 means windows-1252 (WHATWG Encoding, 4.2).
_CODECS = {
    **dict.fromkeys(("utf8", "unicode11utf8"), "utf-8"),
    **dict.fromkeys(("iso88591", "latin1", "l1", "usascii", "ascii", "ansi"), "cp1252"),
    **{f"iso8859{part}": f"iso8859-{part}" for part in (*range(2, 9), 10, 11, 13, 14, 15, 16)},
    **dict.fromkeys(("iso88599", "latin5"), "cp1254"),
    "latin2": "iso8859-2",
    "latin9": "iso8859-15",
    "koi8r": "koi8-r",
    "koi8u": "koi8-u",
    **{f"{vendor}{page}": f"cp{page}" for vendor in ("windows", "cp", "xcp") for page in range(1250, 1259)},
    **{f"{vendor}{page}": f"cp{page}" for vendor in ("ibm", "cp") for page in (437, 850, 852, 855, 866)},
    **dict.fromkeys(("windows874", "tis620", "cp874"), "cp874"),
    **dict.fromkeys(("macintosh", "macroman", "xmacroman"), "mac-roman"),
    **dict.fromkeys(("maccyrillic", "xmaccyrillic"), "mac-cyrillic"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "cp936", "xgbk"), "gb18030"),
    **dict.fromkeys(("big5", "big5hkscs", "cp950"), "big5hkscs"),
    **dict.fromkeys(("shiftjis", "sjis", "xsjis", "windows31j", "cp932"), "cp932"),
    "eucjp": "euc-jp",
    "xeucjp": "euc-jp",
    "iso2022jp": "iso2022-jp",
    **dict.fromkeys(("euckr", "ksc56011987", "ksc5601", "cp949", "windows949"), "cp949"),
}
_CERTAIN = 4  # so many characters that are valid UTF-8 by chance do not occur


def to_utf8(body: bytes, content_type: str = "", *, is_html: bool = False) -> bytes:
    """Transcode a document to UTF-8 without a byte order mark; a character cut off at the end is dropped.

    Believed are, in this order, a byte order mark, the charset of the content type, the XML declaration
    (RFC 7303, section 3), each only if the bytes agree; UTF-8 that is valid beats a claim of another
    charset; the rest is guessed. Bytes that mean nothing become U+FFFD. Never raises.

    Args:
        body: the document.
        content_type: as its server gave it.
        is_html: believe a `<meta charset>` too, as browsers do (HTML, 13.2.3.2).
    """
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return _transcode(body[len(mark) :], codec, "replace") or b""
    for start, codec in _WIDE:
        if body.startswith(start):
            return _transcode(body, codec, "replace") or b""
    if body.isascii() and b"\x1b" not in body:
        return body
    utf8 = _transcode(body, "utf-8")
    if utf8 is not None and _is_certain(utf8):
        return utf8  # whatever the claims: they are not even looked for
    return _weighed(body, utf8, list(_claims(body, content_type, is_html=is_html)))


def _weighed(body: bytes, utf8: bytes | None, claims: list[str]) -> bytes:
    """Weigh claims against bytes that may be UTF-8 by chance; ASCII may switch to Japanese by escapes."""
    is_plain = body.isascii() and "iso2022-jp" not in claims
    if utf8 is not None and (is_plain or "utf-8" in claims or not claims):
        return utf8
    for codec in claims:
        if (text := _transcode(body, codec)) is not None:
            return text
    return utf8 if utf8 is not None else _guess(body)


def _claims(body: bytes, content_type: str, *, is_html: bool) -> Iterator[str]:
    labels = []
    if found := _HTTP_CLAIM.search(content_type[:_CLAIM_BYTES]):
        labels.append(found[1])
    if declared := _XML_CLAIM.search(body[:_CLAIM_BYTES]):
        labels.append(declared[1].decode("ascii"))
    if is_html and (said := _META_CLAIM.search(body[:_META_BYTES])):
        labels.append(said[1].decode("ascii"))
    for label in labels:
        codec = _CODECS.get(re.sub("[^a-z0-9]", "", label.lower()))
        if codec is not None:
            yield codec


def _transcode(body: bytes, codec: str, errors: str = "strict") -> bytes | None:
    """Decode all but an incomplete last character; None where the bytes are not of this charset."""
    if codec == "utf-8" and errors == "strict":
        try:
            return body[: codecs.utf_8_decode(body, "strict", False)[1]]  # noqa: FBT003 - C function
        except UnicodeDecodeError:
            return None
    try:
        text = codecs.getincrementaldecoder(codec)(errors).decode(body)
    except UnicodeError:  # not always one of decoding: an escape of ISO-2022 without end is an overflow
        return None
    return text.encode("utf-8", "replace")


def _is_certain(utf8: bytes) -> bool:
    return len(utf8) - len(utf8.decode()) >= _CERTAIN


def _guess(body: bytes) -> bytes:
    """UTF-8 with some wrong bytes, or a Cyrillic charset, or the one of Western Europe."""
    lossy = body.decode("utf-8", "replace")
    wrong = lossy.count("\ufffd")
    right = sum(1 for _ in re.finditer("[^\x00-\x7f\ufffd]", lossy)) if wrong else 0
    if wrong < right:
        return lossy.encode()
    codec = _cyrillic(body) or "cp1252"
    return _transcode(body, codec, "replace") or b""


def _cyrillic(body: bytes) -> str | None:
    """Words of Cyrillic are runs of high bytes, Western letters with accents stand alone."""
    high = sum(map(len, re.findall(rb"[\xa8\xb8\xc0-\xff]+", body)))
    runs = sum(map(len, re.findall(rb"[\xa8\xb8\xc0-\xff]{3,}", body)))
    if runs * 2 < high or not high:
        return None
    lower_in_1251 = len(re.findall(rb"[\xe0-\xff]", body))
    lower_in_koi8 = len(re.findall(rb"[\xc0-\xdf]", body))
    return "cp1251" if lower_in_1251 >= lower_in_koi8 else "koi8-r"
