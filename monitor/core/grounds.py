"""Why a date is what it is, in words of any language."""

from monitor.core.situation import Why
from monitor.core.texts import Catalogue
from monitor.core.wording import counted


def why_told(why: Why, market: str, texts: Catalogue) -> str:
    """Where a date comes from: `shipped 3 May 2026 + 60 days (AliExpress, from a public guide)`. `market` is
    the title of the policy."""
    words = texts.why
    told = words.get(why.what, why.what)
    if why.when is not None:
        month = texts.months[why.when.month - 1]
        told = words["on"].format(what=told, day=why.when.day, month=month, year=why.when.year)
    if why.clock is not None:
        told = words["plus"].format(
            since=told,
            span=counted(why.clock.unit.replace(" ", "_"), why.amount, texts),
            market=market,
            source=words.get(f"source {why.clock.source}", why.clock.source),
        )
    return words["estimated"].format(why=told) if why.estimated else told
