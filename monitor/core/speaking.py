"""When something is said, and how much of it: quiet hours, privacy, and when the digest comes.

Pure like all of the core: what is asked is answered from values, and `now` is one of them.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from monitor.core.days import Days, Night
from monitor.core.model import Severity
from monitor.core.moment import Moment
from monitor.core.stakes import NOTHING, Stakes, told
from monitor.core.texts import Catalogue
from monitor.core.wording import Calendar, clean, cut, short_order

#: What is urgent may wake somebody only if it cannot wait until so long after the quiet hours.
MARGIN_OF_MORNING = timedelta(hours=2)
#: How long before the quiet hours that is said which would otherwise become urgent during them.
EVENING = timedelta(hours=1)

#: What a lock screen shows of a title.
TITLE_LENGTH = 40
#: Characters of a list of titles, so that the whole body stays below 600.
LISTED_LENGTH = 540
#: Currencies of what is at stake that are named in a message.
MOST_CURRENCIES = 3

_SEPARATOR = " · "
#: The end of an order's or a parcel's number, and a number as a whole.
_NUMBER = re.compile(r"\w*…(?=[^\W\d_]*\d)\w{2,}|\b(?=\w*\d{4})\w{8,}\b")
#: An amount of money, with its sign or its code.
_MONEY = re.compile(r"[€$£¥₹₩₪₴]\s?\d|\d\s?[€$£¥₹₩₪₴]|\d\s?[A-Z]{3}\b")


def not_before(severity: Severity, act_by: datetime | None, now: datetime, days: Days) -> datetime:
    """When what becomes true at `now` may be said: at once, or when the quiet hours of `days` end.

    Critical is always said at once; urgent only if there is to be acted before the quiet hours have
    been over for MARGIN_OF_MORNING; all else waits.
    """
    night = days.night_at(now)
    if night is None or severity is Severity.CRITICAL:
        return now
    if severity is Severity.URGENT and act_by is not None and act_by < _too_late_after(night):
        return now
    return not_before(severity, act_by, night.end, days)


def wakes_before(now: datetime, days: Days) -> datetime | None:
    """In the quiet hours, before when there must be to act on what is urgent, so that it may be said now;
    what is less than urgent may not. None: everything may."""
    night = days.night_at(now)
    return None if night is None else _too_late_after(night)


def _too_late_after(night: Night) -> datetime:
    return night.end + MARGIN_OF_MORNING


def in_the_evening(moments: Iterable[Moment], days: Days) -> list[Moment]:
    """`moments`, of which the urgent stages that would begin during the quiet hours, and have to be
    acted on during the same, begin in the evening before."""
    return [_in_the_evening(moment, days) for moment in moments]


def _in_the_evening(moment: Moment, days: Days) -> Moment:
    # A first stage may tell what has only just happened; a later one counts back from a deadline.
    if moment.severity is not Severity.URGENT or moment.level == 0 or moment.act_by is None:
        return moment
    night = days.night_at(moment.act_by)
    if night is None or not night.begin <= moment.at < night.end:
        return moment
    return replace(moment, at=night.begin - EVENING)


def shown(
    title: str,
    body: str,
    severity: Severity,
    privacy: Literal["full", "short", "none"],
    texts: Catalogue,
    *,
    of_one_order: bool = True,
) -> tuple[str, str]:
    """The title and body of a message as a channel of that `privacy` may show them.

    `short` keeps what it is about, how long and until when, and the way in the marketplace's app: no
    order or tracking number, no place, no amount. What is not `of_one_order` names no place: there all
    lines without a number or an amount stay. `none` says only how severe it is.
    """
    match privacy:
        case "full":
            return title, body
        case "none":
            return texts.speaking["private_title"], texts.speaking[f"severity_{severity}"]
    first, *lines = body.split("\n")
    kept = [part for part in first.split(_SEPARATOR) if not _is_private(part)]
    ways = [line for line in lines if ("→" in line or not of_one_order) and line and not _is_private(line)]
    text = "\n".join((_SEPARATOR.join(kept), "", *ways)).strip()
    return _NUMBER.sub("", title).strip().removesuffix(":"), text


def _is_private(text: str) -> bool:
    return bool(_NUMBER.search(text) or _MONEY.search(text))


def last_call(body: str, deadline: datetime, days: Days, texts: Catalogue) -> str:
    """The body of a message as it is shown again shortly before its deadline: what its first line says
    of the time that is left will be old by then."""
    by = Calendar.at(deadline, days, texts).clock(deadline)
    return "\n".join((texts.speaking["last_call"].format(by=by), *body.split("\n")[1:]))


def collapsed(messages: Sequence[tuple[str, str | None]], texts: Catalogue) -> tuple[str, str]:
    """Title and body of one message for many, of each of which the title and the order are given."""
    orders = {order for _, order in messages}
    key = "collapsed_others" if None in orders else "collapsed_orders"
    count = len(messages) if None in orders else len(orders)
    return texts.speaking[key].format(n=count), "\n".join(_listed([title for title, _ in messages], texts))


def _listed(lines: Sequence[str], texts: Catalogue, room: int = LISTED_LENGTH) -> list[str]:
    """As many of `lines` as there is `room` for, and how many more there are."""
    length = 0
    for index, line in enumerate(lines):
        length += len(line) + 1
        if length > room:
            return [*lines[:index], texts.speaking["collapsed_more"].format(n=len(lines) - index)]
    return list(lines)


def digest(
    news: Sequence[str],
    deadlines: Sequence[tuple[datetime, str, str]],
    now: datetime,
    days: Days,
    texts: Catalogue,
    stakes: Stakes = NOTHING,
) -> tuple[str, str]:
    """Title and body of the message of the day: what is at stake, titles of what is for information, and
    of orders when something presses, their id and title. Each list gets half of the room."""
    calendar = Calendar.at(now, days, texts)
    lines = [texts.speaking["digest_first"].format(news=len(news), deadlines=len(deadlines)), ""]
    at_stake = told(stakes, calendar, MOST_CURRENCIES)
    lines += [at_stake] if at_stake else []
    half = (LISTED_LENGTH - len(at_stake)) // 2 - len(lines[0])
    lines += _listed(news, texts, half)
    if deadlines:
        named = [
            texts.speaking["digest_line"].format(
                at=calendar.ends(at), name=clean(title, TITLE_LENGTH) or short_order(id_)
            )
            for at, id_, title in deadlines
        ]
        lines += [texts.speaking["digest_deadlines"], *_listed(named, texts, half)]
    return texts.speaking["digest_title"].format(day=calendar.day(calendar.today)), "\n".join(lines)


def missed(
    title: str,
    order: str | None,
    meant_for: datetime,
    deadline: datetime | None,
    now: datetime,
    days: Days,
    texts: Catalogue,
    *,
    others: Sequence[str] = (),
) -> tuple[str, str]:
    """Title and body of what is said instead of a message that no channel took while it was of use: not
    its words, which are true no more, but that it was missed. `others` are titles that were missed with
    it."""
    calendar = Calendar.at(now, days, texts)
    if deadline is None:
        first = texts.speaking["missed"]
    elif deadline <= now:
        first = texts.speaking["missed_deadline"].format(at=calendar.clock(deadline))
    else:
        first = texts.speaking["missed_until"].format(at=calendar.last_day(deadline, deadline))
    lines = [first, "", texts.speaking["missed_body"].format(at=calendar.clock(meant_for))]
    if others:
        told = _listed(list(dict.fromkeys(others)), texts, LISTED_LENGTH // 2)
        lines += [texts.speaking["missed_others"], *told]
    if order is not None:
        lines.append(texts.speaking["missed_look"].format(order=short_order(order).removeprefix("…")))
    return cut(texts.speaking["missed_title"].format(title=title), TITLE_LENGTH), "\n".join(lines)
