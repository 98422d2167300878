"""Rounds of several readings, taken in turn, so that the machine's moods meet all of them alike.

Only the standard library: the peers' environments have nothing else of ours.
"""

import timeit
from collections.abc import Callable, Sequence

ROUNDS = 9

#: Measures once more; the seconds of one reading.
Round = Callable[[], float]


def round_of(read: Callable[[], object]) -> Round:
    """Rounds of `read`, each of about a fifth of a second, garbage collection left out."""
    timer = timeit.Timer(read)
    number, _ = timer.autorange()
    return lambda: timer.timeit(number) / number


def fastest(rounds: Sequence[Round]) -> list[float]:
    """The seconds of one reading in the best round of each."""
    measured = [[take() for take in rounds] for _ in range(ROUNDS)]
    return [min(times) for times in zip(*measured, strict=True)]
