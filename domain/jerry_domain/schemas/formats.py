"""The formats of strings that are judged, each by its RFC; what the RFCs leave open is answered with None."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from datetime import date

SUBFORMATS = {
    "email": frozenset({"idn-email"}),
    "hostname": frozenset({"idn-hostname"}),
    "iri": frozenset({"iri-reference"}),
    "uri": frozenset({"iri", "iri-reference", "uri-reference"}),
    "uri-reference": frozenset({"iri-reference"}),
}
"""For a format every other that its strings have too."""

_DATE = re.compile(r"([0-9]{4})-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))")
_UUID = re.compile(r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}")
_WEEKS_OR_PARTS = re.compile(
    r"P(?:[0-9]+W|(?=[0-9T])(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+S)?)?)"
)
_SKIPPED_PART = re.compile(r"Y[0-9]+D|H[0-9]+S")
_EMAIL = re.compile(
    r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*"
    r"@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+",
    re.ASCII,
)
_URI_CHARACTERS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[\w.~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*", re.ASCII)
_PLAIN_URI = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*:"
    r"(?://(?:[\w.~!$&'()*+,;=:%-]*@)?[\w.~!$&'()*+,;=%-]*(?::[0-9]*)?(?=[/?#]|\Z)|(?!//))"
    r"[^?#\[\]]*(?:\?[^#\[\]]*)?(?:#[^#\[\]]*)?",
    re.ASCII,
)


def _is_date(text: str) -> bool:
    found = _DATE.fullmatch(text)
    if not found:
        return False
    # Python has no year 0, which RFC 3339 has; it is a leap year, as 2000 is.
    return _accepts(date.fromisoformat, "2000" + text[4:] if found[1] == "0000" else text)


def _is_time(text: str) -> bool:
    found = _TIME.fullmatch(text)
    if not found:
        return False
    hour, minute, second, off_hour, off_minute = (int(found[group] or 0) for group in (1, 2, 3, 5, 6))
    offset = (off_hour * 60 + off_minute) * (-1 if found[4] == "-" else 1)
    leap = second == 60 and (hour * 60 + minute - offset) % 1440 == 1439
    return max(hour, off_hour) < 24 and max(minute, off_minute) < 60 and (second < 60 or leap)


def _is_date_time(text: str) -> bool:
    return text[10:11] in ("T", "t") and _is_date(text[:10]) and _is_time(text[11:])


def _is_duration(text: str) -> bool | None:
    if not _WEEKS_OR_PARTS.fullmatch(text):
        return False
    # RFC 3339 has no years and days without months; ISO 8601 has.
    return None if _SKIPPED_PART.search(text) else True


def _is_email(text: str) -> bool | None:
    if _EMAIL.fullmatch(text):
        return True
    return None if "@" in text[1:-1] else False


def _is_uri(text: str) -> bool | None:
    if not _URI_CHARACTERS.fullmatch(text):
        return False
    return True if _PLAIN_URI.fullmatch(text) else None


def _accepts(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


_FORMATS: dict[str, Callable[[str], bool | None]] = {
    "date": _is_date,
    "date-time": _is_date_time,
    "duration": _is_duration,
    "email": _is_email,
    "ipv4": lambda text: _accepts(ipaddress.IPv4Address, text),
    "ipv6": lambda text: "%" not in text and _accepts(ipaddress.IPv6Address, text),
    "time": _is_time,
    "uri": _is_uri,
    "uuid": lambda text: _UUID.fullmatch(text) is not None,
}


def known_format(name: str) -> bool:
    """Whether `fits_format` knows the format at all."""
    return name in _FORMATS


def fits_format(text: str, name: str) -> bool | None:
    """Whether a string has a format; None for a format that is not known here, or a string that RFCs differ about."""
    judge = _FORMATS.get(name)
    return judge(text) if judge else None
