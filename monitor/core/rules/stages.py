"""How loud the stages of one warning are."""

from collections.abc import Sequence

from monitor.core.model import Severity


def rising(severities: Sequence[Severity], level: int, stages: int) -> Severity:
    """The severity of stage `level` of `stages`: the last stage has the last severity, the one
    before it the one before; stages beyond the list have the first."""
    return severities[max(0, len(severities) - (stages - level))]
