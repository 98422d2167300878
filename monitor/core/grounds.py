"""Why a date is what it is, in words of any language."""

from collections.abc import Mapping

from monitor.core.situation import Why
from monitor.core.texts import Catalogue
from monitor.core.wording import counted


def why_told(why: Why, titles: Mapping[str, str], texts: Catalogue) -> str:
    """Where a date comes from: `shipped 3 May 2026 + 60 days (AliExpress, from a public guide)`. `titles` are
    those of policies, by their names."""
    told = _counted(why, titles, texts)
    return texts.why["estimated"].format(why=told) if why.estimated else told


def _counted(why: Why, titles: Mapping[str, str], texts: Catalogue) -> str:
    words = texts.why
    told = words.get(why.what, why.what)
    if why.when is not None:
        month = texts.months[why.when.month - 1]
        told = words["on"].format(what=told, day=why.when.day, month=month, year=why.when.year)
    if why.clock is None:
        return told
    return words["plus"].format(
        since=told if why.after is None else _counted(why.after, titles, texts),
        span=counted(why.clock.unit.replace(" ", "_"), why.amount, texts),
        market=titles[why.policy],
        source=words.get(f"source {why.clock.source}", why.clock.source),
    )
