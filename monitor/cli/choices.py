"""Which source reads which numbers, and what of that is hardly meant, as `check` tells it."""

from collections.abc import Iterator, Mapping, Sequence

from monitor.carrier import Source
from monitor.core.number_shapes import NATIONAL
from monitor.core.wording import short_order

#: Parcels that are named of those that nobody reads.
_MOST_NAMED = 10


def shadowed(sources: Mapping[str, Source]) -> Iterator[str]:
    """What is said of a source that leaves no number to those after it."""
    names = list(sources)
    for index, name in enumerate(names[:-1]):
        if sources[name].takes_any_number:
            rest = ", ".join(names[index + 1 :])
            yield (
                f"source {name} has no `accepts`, so it takes every number that names no source, and none"
                f" is left to {rest}: put {name} last, or give it an `accepts`"
            )
            return


def overtaken(sources: Mapping[str, Source]) -> Iterator[str]:
    """What is said of a source for many carriers that stands before one for a single carrier."""
    names = list(sources)
    for index, name in enumerate(names):
        later = [other for other in names[index + 1 :] if _takes_from(sources[name], sources[other])]
        if later:
            them = later[0] if len(later) == 1 else "them"
            yield (
                f"source {name} also takes numbers of {_all_of(later)}, and comes first: put {them} before it"
            )


def unread(parcels: Mapping[str, str]) -> str:
    """What is said of parcels, each with its order, whose numbers no source takes."""
    named = [f"{number} (order {short_order(order)})" for number, order in parcels.items()]
    text = ", ".join(named[:_MOST_NAMED])
    if len(named) > _MOST_NAMED:
        text += f" and {len(named) - _MOST_NAMED} more"
    them = "it" if len(named) == 1 else "them"
    its = "its" if len(named) == 1 else "their"
    return (
        f"no source reads {text}: add a source that takes {them}, or name one of yours in the order file,"
        f" as {its} carrier"
    )


def _all_of(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _takes_from(first: Source, later: Source) -> bool:
    """Whether some of the numbers that `later`, for one carrier only, is made for go to `first`. That
    numbers of digits may look alike is not meant."""
    if first.accepts is not None or later.accepts is not None:
        return False
    if len(later.carriers) != 1 or first.carriers == later.carriers:
        return False
    return not first.carriers.isdisjoint(later.carriers | _posts_of(later.carriers))


def _posts_of(carriers: frozenset[str]) -> frozenset[str]:
    """The words that numbers of the post have beside these carriers'."""
    posts = {f"post-{country.lower()}" for country, carrier in NATIONAL.items() if carrier in carriers}
    return frozenset({"upu", *posts} if posts else ())
