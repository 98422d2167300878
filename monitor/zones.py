"""Time zones by name, and which one this machine is in."""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

_LOCALTIME = Path("/etc/localtime")


def zone(name: str) -> ZoneInfo:
    """The time zone with this IANA name. Raises ValueError that names the nearest one there is."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"is not a known time zone{_suggestion(name)}") from None


def system_zone_name(environ: Mapping[str, str], localtime: Path = _LOCALTIME) -> str | None:
    """The IANA name of this machine's zone: `TZ`, else where /etc/localtime leads.

    None when neither names one: `TZ` may be a rule ("CET-1CEST"), localtime a plain copy.
    """
    name = environ.get("TZ", "").removeprefix(":") or _leads_to(localtime)
    try:
        return zone(name).key if name else None
    except ValueError:
        return None


def _leads_to(link: Path) -> str:
    _, _, name = str(link.resolve()).partition("/zoneinfo/")
    return name


def _suggestion(name: str) -> str:
    """People write "madrid", "europe/madrid", "Europe/Madird"."""
    by_words = {known.lower(): known for known in sorted(available_timezones())}
    by_city = {known.rpartition("/")[2]: known for known in by_words}
    wanted = name.strip().lower().replace(" ", "_")
    near = by_words.get(wanted) or by_words.get(by_city.get(wanted, ""))
    if near is None:
        near = next((by_words[found] for found in get_close_matches(wanted, by_words, n=1)), None)
    return f"; did you mean {near}?" if near else ""
