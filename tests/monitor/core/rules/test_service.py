"""Rulebook: about us."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.rules.service import (
    ChannelHealth,
    SourceHealth,
    channel_down,
    is_blind,
    policy_old,
    source_blind,
)
from tests.monitor.core.facts import ALIEXPRESS, IN_MADRID, a_policy, at, day, shown


def test_a_source_without_success_for_a_day_is_blind_and_says_so_daily() -> None:
    health = SourceHealth("files", at("2026-05-20 18:00"), at("2026-05-20 22:00"), "the folder is gone")
    (moment,) = source_blind(health, ALIEXPRESS, IN_MADRID)
    assert (shown(moment.at), moment.severity, moment.subject) == ("2026-05-21 18:00", "warning", "files")
    assert str(moment.why) == "last success 20 May 2026 + 24 hours (aliexpress policy: project)"
    assert moment.repeat_every == timedelta(days=1)
    assert (moment.until, moment.deadline, moment.act_by, moment.needs_sight) == (None, None, None, None)
    assert moment.detail == {"since": at("2026-05-20 18:00"), "error": "the folder is gone"}
    for second, holds in ((-1, False), (0, True), (1, True)):
        assert moment.holds(at("2026-05-21 18:00") + timedelta(seconds=second)) is holds


def test_a_source_that_never_worked_counts_from_its_first_failure() -> None:
    health = SourceHealth("files", failing_since=at("2026-05-20 22:00"))
    (moment,) = source_blind(health, a_policy(blind_after_hours=2), IN_MADRID)
    assert shown(moment.at) == "2026-05-21 00:00"
    assert str(moment.why) == "first failure 20 May 2026 + 2 hours (aliexpress policy: your configuration)"


def test_a_source_that_works_is_not_blind_however_old_its_last_success() -> None:
    assert list(source_blind(SourceHealth("files", at("2020-05-20 18:00")), ALIEXPRESS, IN_MADRID)) == []
    assert list(source_blind(SourceHealth("files"), ALIEXPRESS, IN_MADRID)) == []


def test_after_a_long_sleep_the_last_success_counts() -> None:
    health = SourceHealth("files", at("2026-05-14 18:00"), at("2026-05-20 18:05"))
    (moment,) = source_blind(health, ALIEXPRESS, IN_MADRID)
    assert shown(moment.at) == "2026-05-15 18:00"
    assert is_blind(health, ALIEXPRESS, at("2026-05-20 18:05"))


def test_silence_is_ours_after_a_day_of_failures_or_when_nothing_was_ever_read() -> None:
    health = SourceHealth("files", at("2026-05-20 18:00"), at("2026-05-20 22:00"))
    for second, blind in ((-1, False), (0, True)):
        assert is_blind(health, ALIEXPRESS, at("2026-05-21 18:00") + timedelta(seconds=second)) is blind
    assert is_blind(replace(health, last_success_at=None), ALIEXPRESS, at("2026-05-20 22:00"))
    assert not is_blind(replace(health, failing_since=None), ALIEXPRESS, at("2026-06-20 18:00"))


def test_each_blindness_is_its_own() -> None:
    health = SourceHealth("files", at("2026-05-20 18:00"), at("2026-05-20 22:00"))
    later = replace(health, last_success_at=at("2026-05-25 18:00"), failing_since=at("2026-05-25 22:00"))
    (first,), (second,) = (source_blind(known, ALIEXPRESS, IN_MADRID) for known in (health, later))
    assert first.key != second.key


@pytest.mark.parametrize(
    ("permanent", "since"),
    [(True, "2026-05-20 22:00"), (False, "2026-05-20 22:30")],
    ids=["for good", "for now"],
)
def test_a_channel_is_down_at_once_or_after_half_an_hour(permanent: bool, since: str) -> None:
    health = ChannelHealth("phone", at("2026-05-20 22:00"), permanent, "401")
    (moment,) = channel_down(health, IN_MADRID)
    assert (shown(moment.at), moment.severity, moment.subject) == (since, "warning", "phone")
    assert str(moment.why) == "first failure 20 May 2026"
    assert moment.detail == {"since": at("2026-05-20 22:00"), "error": "401", "permanent": permanent}


def test_a_channel_that_delivers_is_not_down() -> None:
    assert list(channel_down(ChannelHealth("phone"), IN_MADRID)) == []


def test_a_policy_is_old_when_nobody_checked_it_for_over_a_year() -> None:
    policy = replace(ALIEXPRESS, checked_on=day("2026-05-03"))
    (moment,) = policy_old(policy, IN_MADRID)
    assert (shown(moment.at), moment.severity, moment.subject) == ("2027-05-04 09:00", "info", "aliexpress")
    assert str(moment.why) == "checked 3 May 2026 + 365 days (aliexpress policy: project)"
    (next_check,) = policy_old(replace(policy, checked_on=day("2027-05-03")), IN_MADRID)
    assert next_check.key != moment.key
