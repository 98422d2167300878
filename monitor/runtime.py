"""A configuration brought to life: zone, policies, sources and channels, checked and ready."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from functools import partial
from hashlib import sha256
from typing import TypeVar

from monitor.carrier import Source
from monitor.core.days import Days
from monitor.core.model import Lookup, Parcel, Severity, Shipment
from monitor.core.texts.en import ENGLISH
from monitor.core.texts.languages import CATALOGUES
from monitor.errors import ConfigError, Problem
from monitor.notifier import Channel
from monitor.plugins import load_channel, load_source
from monitor.policies import load_policies
from monitor.reckoning import Reckoning
from monitor.settings import Settings
from monitor.store.records import Escalation
from monitor.zones import zone

T = TypeVar("T")

#: The channel there is when none is configured.
DEFAULT_CHANNEL = "journal"
#: What the message of the day is called among the rules.
DIGEST = "digest"
#: What a route can be for.
RULES = frozenset({DIGEST, *(key.partition("/")[0] for key in (*ENGLISH.texts, *ENGLISH.service))})


@dataclass(frozen=True, slots=True)
class Runtime(Reckoning):
    """Everything the passes need that comes from the configuration. Never changed, only replaced."""

    settings: Settings
    sources: Mapping[str, Source]
    channels: Mapping[str, Channel]

    def in_language(self, language: str) -> Reckoning:
        """The same dates and numbers, told in another language."""
        policies = load_policies(self.settings.policies, language)
        return Reckoning(self.days, policies, CATALOGUES[language], self.repeats)

    def choose(self, parcel: Parcel) -> str | None:
        """The source of a parcel: the one it names, else the first that accepts its number."""
        if parcel.carrier is not None:
            return parcel.carrier if parcel.carrier in self.sources else None
        return next(
            (name for name, source in self.sources.items() if source.accepts_number(parcel.number)), None
        )

    def followed(self, shipment: Shipment) -> tuple[Lookup, ...]:
        """Where a parcel is looked up beside its own source: each other number of it at the first
        source that is made for such numbers; at its own only while that tells no scans under the first."""
        told_by_own = shipment.source if shipment.newest is not None else None
        return tuple(
            Lookup(source, number)
            for number in shipment.aliases
            if (source := self._claiming(number, but=told_by_own)) is not None
        )

    def _claiming(self, number: str, *, but: str | None) -> str | None:
        return next(
            (name for name, source in self.sources.items() if name != but and source.claims_number(number)),
            None,
        )

    def records(self, severity: Severity, *, but: Collection[str] = ()) -> tuple[str, ...]:
        """The channels that keep a record of something: whoever is told of it, they hear of it too."""
        return tuple(
            name
            for name, channel in self.channels.items()
            if channel.keeps_record and name not in but and severity.rank >= channel.min_severity.rank
        )

    def tiers(
        self, severity: Severity, rule: str, marketplace: str | None, *, but: Collection[str] = ()
    ) -> tuple[tuple[str, ...], ...]:
        """The channels that are told of something, tier by tier: those whose `min_severity` it reaches,
        and never those it is to get around (`but`). Nobody is told of `info`. Tiers without any channel
        are left out."""
        if severity is Severity.INFO:
            return ()
        told = [
            name
            for name, channel in self.channels.items()
            if not channel.keeps_record and name not in but and severity.rank >= channel.min_severity.rank
        ]
        alerts = self.settings.alerts
        ways = (route.tiers for route in alerts.routes if route.takes(severity, rule, marketplace))
        tiers = next(ways, alerts.tiers) or [told]
        chosen = (tuple(name for name in tier if name in told) for tier in tiers)
        return tuple(tier for tier in chosen if tier)

    @property
    def channels_that_take_back(self) -> tuple[str, ...]:
        """The channels that can mark as done, or disarm, what they have shown."""
        return tuple(
            name for name, channel in self.channels.items() if type(channel).withdraw is not Channel.withdraw
        )

    def escalations(
        self,
        tiers: Sequence[tuple[str, ...]],
        severity: Severity,
        begins: datetime,
        ends: datetime,
        *,
        everybody: bool = False,
    ) -> tuple[Escalation, ...]:
        """The later ones of `tiers`, and when each is told of what is first told at `begins` and of no
        use any more at `ends`; `everybody`: of how it ended all are told at once."""
        if everybody:
            return tuple(Escalation(tier, begins) for tier in tiers[1:])
        alerts = self.settings.alerts
        after, ack_within = alerts.escalate_after.get(severity), alerts.ack_within.get(severity)
        if after is None and ack_within is None:
            return ()
        return tuple(
            Escalation(
                tier,
                at=min(begins + count * (after or ack_within or timedelta()), ends),
                ack_by=min(begins + count * ack_within, ends) if ack_within is not None else None,
            )
            for count, tier in enumerate(tiers[1:], start=1)
        )

    def interval_of(self, source: str | None) -> timedelta:
        """The shortest time between two looks that a source allows."""
        known = self.sources.get(source or "")
        return known.min_interval if known is not None else timedelta()

    def claims(self) -> str:
        """A fingerprint of which source claims which numbers: when it changes, parcels are followed
        where they can be now."""
        claims = [(name, source.accepts, sorted(source.carriers)) for name, source in self.sources.items()]
        return sha256(repr(claims).encode()).hexdigest()

    def published(self) -> str:
        """A fingerprint of how deadlines are shown in the calendar: when it changes, all of them are."""
        settings = self.settings
        if settings.calendar.path is None:
            return ""
        return f"{settings.language} {settings.calendar_privacy}"

    def reading(self) -> str:
        """A fingerprint of all that readings and dates depend on: when it changes, answers are read
        and orders thought about anew."""
        days = self.days
        parts = (days.zone, days.morning, days.deadline_zone, sorted(days.holidays), days.quiet)
        repeats = sorted(self.repeats.items())
        clocks = [
            (name, policy.fallback, sorted(policy.clocks.items()))
            for name, policy in sorted(self.policies.items())
        ]
        codes = [(name, sorted(source.codes.items())) for name, source in sorted(self.sources.items())]
        return sha256(repr((parts, repeats, clocks, codes)).encode()).hexdigest()


def build_runtime(settings: Settings, *, under_systemd: bool = False) -> Runtime:
    """Loads what the configuration names. `under_systemd`: stderr is systemd's journal, which reads a
    priority in front of each line. Raises ConfigError with all mistakes at once, those that the settings
    were read with among them."""
    problems: list[Problem] = []
    policies = _try(problems, lambda: load_policies(settings.policies, settings.language)) or {}
    sources = _load_all(settings.carriers, load_source, problems)
    channels = _load_all(
        settings.notifiers or {DEFAULT_CHANNEL: {"priority_prefix": under_systemd}}, load_channel, problems
    )
    problems += _unknown_names(settings, {*settings.notifiers} or {DEFAULT_CHANNEL}, policies)
    if settings.mistakes or problems:
        raise settings.complaint(problems)
    days = Days(
        zone=settings.zone,
        morning=settings.morning,
        deadline_zone=zone(settings.deadline_timezone) if settings.deadline_timezone else None,
        holidays=frozenset(settings.holidays),
        quiet=settings.alerts.quiet_hours,
    )
    return Runtime(
        days,
        policies,
        CATALOGUES[settings.language],
        settings.alerts.repeat_every,
        settings,
        sources,
        channels,
    )


def _unknown_names(
    settings: Settings, channels: Collection[str], policies: Collection[str]
) -> Iterator[Problem]:
    """The names in [alerts] of channels, rules and marketplaces that there are not."""
    alerts = settings.alerts
    yield from _unknown_channels("alerts.tiers", alerts.tiers, channels)
    for index, route in enumerate(alerts.routes):
        key = f"alerts.routes[{index}]"
        yield from _unknown_channels(f"{key}.tiers", route.tiers, channels)
        yield from _unknown(f"{key}.match.rule", "rule", route.match.rule or (), RULES)
        if policies:
            yield from _unknown(
                f"{key}.match.marketplace", "marketplace", route.match.marketplace or (), policies
            )


def _unknown_channels(
    key: str, tiers: Sequence[Sequence[str]], channels: Collection[str]
) -> Iterator[Problem]:
    for index, tier in enumerate(tiers):
        yield from _unknown(f"{key}[{index}]", "channel", tier, channels)


def _unknown(key: str, what: str, names: Iterable[str], known: Collection[str]) -> Iterator[Problem]:
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            yield Problem(f"there is no {what} {name!r}{hint}", key, allowed=", ".join(sorted(known)))


def _try(problems: list[Problem], load: Callable[[], T]) -> T | None:
    try:
        return load()
    except ConfigError as error:
        problems.extend(error.problems)
        return None


def _load_all(
    tables: Mapping[str, Mapping[str, object]],
    load: Callable[[str, Mapping[str, object]], T],
    problems: list[Problem],
) -> dict[str, T]:
    loaded = {name: _try(problems, partial(load, name, table)) for name, table in tables.items()}
    return {name: adapter for name, adapter in loaded.items() if adapter is not None}
