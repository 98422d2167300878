"""How a source is asked, and how it answers, as `check` tells it; whether it may be asked just now."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from monitor.budget import Budget, Spent
from monitor.carrier import Source
from monitor.core.model import Look
from monitor.core.rules.service import SourceHealth
from monitor.core.wording import Calendar, duration

#: What people call the carriers of `monitor.core.number_shapes`.
CALLED = {
    "cainiao": "Cainiao",
    "correos": "Correos",
    "dhl": "DHL",
    "fedex": "FedEx",
    "fourpx": "4PX",
    "gls": "GLS",
    "inpost": "InPost",
    "laposte": "La Poste",
    "ups": "UPS",
    "usps": "USPS",
    "yanwen": "Yanwen",
    "yunexpress": "YunExpress",
}
_ANY_POST = "upu"
_POST_OF = "post-"


def manners(name: str, source: Source, spent: Spent | None, now: datetime) -> Iterator[str]:
    """What the source of a table reads, and how often and how much it is asked."""
    if source.adapter != name:
        yield source.adapter
    if source.root is not None:
        yield source.root
    else:
        yield _pace(source.requests_per_second)
    if source.root is None and source.batch_size > 1:
        yield f"up to {source.batch_size} numbers a request"
    left = Budget(spent).remaining(source, now)
    if left is not None:
        yield f"{source.requests_per_day} a day ({left} left today)"
    if source.min_interval_minutes:
        yield f"a parcel every {_length(source.min_interval_minutes)} at most"
    if source.accepts is not None:
        yield f"numbers like {source.accepts}"
    elif source.carriers and not source.takes_any_number:
        yield f"numbers of {_named(source.carriers)}"


def trouble(health: SourceHealth | None, next_try: datetime | None, calendar: Calendar) -> str | None:
    """Since when a source fails, why, and when it is asked again; None: it answers."""
    if health is None or health.failing_since is None:
        return None
    again = f"; asked again {calendar.clock(next_try)}" if next_try else ""
    return f"failing since {calendar.clock(health.failing_since)}: {health.error or 'no reason told'}{again}"


def left_alone(
    source: Source, health: SourceHealth | None, next_try: datetime | None, calendar: Calendar
) -> str | None:
    """Until when a source that fails is not to be asked; None: it may be asked. Files may always be."""
    if source.root is not None or health is None or health.failing_since is None:
        return None
    if next_try is None or next_try <= calendar.now:
        return None
    return f"it fails, and is left alone until {calendar.clock(next_try)}"


def too_soon(source: Source, number: str, look: Look | None, calendar: Calendar) -> str | None:
    """Why a source is not to be asked about a number so soon after the last look; None: it may be."""
    if source.root is not None or look is None:
        return None
    if look.failures and look.next_poll_at is not None and look.next_poll_at > calendar.now:
        return f"a look at {number} failed; the next is not before {calendar.clock(look.next_poll_at)}"
    since = calendar.now - look.last_success_at if look.last_success_at is not None else source.min_interval
    if since >= source.min_interval:
        return None
    length = _length(source.min_interval_minutes, one="an hour")
    return f"{number} was looked at {duration(since, calendar.texts)} ago, and it wants {length} between two looks"


def _named(carriers: Iterable[str]) -> str:
    """Carriers as a buyer knows them: "the post and of Cainiao, 4PX"."""
    words = sorted(carriers)
    posts = ["the post"] if _ANY_POST in words else []
    posts += [f"the post of {word.removeprefix(_POST_OF).upper()}" for word in words if _is_post(word)]
    others = [CALLED.get(word, word) for word in words if word != _ANY_POST and not _is_post(word)]
    return " and of ".join(", ".join(names) for names in (posts, others) if names)


def _is_post(word: str) -> bool:
    return word.startswith(_POST_OF)


def _pace(per_second: float) -> str:
    if per_second >= 1:
        return f"requests a second: {per_second:g}"
    return f"a request every {1 / per_second:.3g} seconds"


def _length(minutes: int, one: str = "hour") -> str:
    hours, rest = divmod(minutes, 60)
    if hours and not rest:
        return one if hours == 1 else f"{hours} hours"
    return f"{minutes} minutes"
