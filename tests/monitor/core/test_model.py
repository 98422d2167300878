from itertools import pairwise

from monitor.core.model import Money, Severity


def test_severities_rise() -> None:
    assert [severity.value for severity in Severity] == ["info", "notice", "warning", "urgent", "critical"]
    assert all(lower.rank < higher.rank for lower, higher in pairwise(Severity))


def test_money_is_shown_as_written() -> None:
    assert str(Money("41.90", "EUR")) == "41.90 EUR"
