"""A configuration brought to life: zone, policies, sources and channels, checked and ready."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from hashlib import sha256
from typing import TypeVar

from monitor.carrier import Source
from monitor.core.days import Days
from monitor.core.model import Lookup, Parcel, Severity, Shipment
from monitor.core.texts.languages import CATALOGUES
from monitor.errors import ConfigError, Problem
from monitor.notifier import Channel
from monitor.plugins import load_channel, load_source
from monitor.policies import load_policies
from monitor.reckoning import Reckoning
from monitor.settings import Settings
from monitor.zones import zone

T = TypeVar("T")

#: The channel there is when none is configured.
DEFAULT_CHANNEL = "journal"


@dataclass(frozen=True, slots=True)
class Runtime(Reckoning):
    """Everything the passes need that comes from the configuration. Never changed, only replaced."""

    settings: Settings
    sources: Mapping[str, Source]
    channels: Mapping[str, Channel]

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

    def channels_for(self, severity: Severity, *, but: str | None = None) -> tuple[str, ...]:
        """The channels that hear of something: `info` only where records are kept, else those whose
        `min_severity` it reaches; never the channel it is about."""
        return tuple(
            name
            for name, channel in self.channels.items()
            if name != but
            and severity.rank >= channel.min_severity.rank
            and (severity is not Severity.INFO or channel.keeps_record)
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

    def reading(self) -> str:
        """A fingerprint of all that readings and dates depend on: when it changes, answers are read
        and orders thought about anew."""
        parts = (self.days.zone, self.days.morning, self.days.deadline_zone, sorted(self.days.holidays))
        clocks = [sorted(policy.clocks.items()) for _, policy in sorted(self.policies.items())]
        codes = [(name, sorted(source.codes.items())) for name, source in sorted(self.sources.items())]
        return sha256(repr((parts, clocks, codes)).encode()).hexdigest()


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
    if settings.mistakes or problems:
        raise settings.complaint(problems)
    days = Days(
        zone=settings.zone,
        morning=settings.morning,
        deadline_zone=zone(settings.deadline_timezone) if settings.deadline_timezone else None,
        holidays=frozenset(settings.holidays),
    )
    return Runtime(days, policies, CATALOGUES[settings.language], settings, sources, channels)


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
