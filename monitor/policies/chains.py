"""What remains when a policy's protection is over: fallbacks, and the fallbacks of these."""

from collections.abc import Collection, Iterator, Mapping

from monitor.core.policy import Kind, Policy
from monitor.errors import Problem
from monitor.policies.tables import meant


def chain_of(name: str, policies: Mapping[str, Policy]) -> tuple[Policy, ...]:
    """All fallbacks of a policy in the order in which to turn to them, each once: behind each of them its
    own."""
    return tuple(_followed(name, policies, {}).values())


def _followed(name: str, policies: Mapping[str, Policy], found: dict[str, Policy]) -> dict[str, Policy]:
    for fallback in policies[name].fallback:
        if fallback not in found:
            found[fallback] = policies[fallback]
            _followed(fallback, policies, found)
    return found


def broken_chains(policies: Mapping[str, Policy], unread: Collection[str] = ()) -> Iterator[Problem]:
    """What is wrong with the fallbacks of all policies: names that there are not, or that cannot be one, and
    chains that never end. `unread`: policies of which nothing is known but their names."""
    for name, policy in policies.items():
        for index, fallback in enumerate(policy.fallback):
            reason = None if fallback in unread else _unfit(fallback, policy, index, policies)
            if reason is not None:
                yield Problem(reason, f"policies.{name}.fallback[{index}]", allowed=_allowed(name, policies))
    yield from _circles(policies)


def _unfit(fallback: str, policy: Policy, index: int, policies: Mapping[str, Policy]) -> str | None:
    """Why this cannot be a fallback; None: it can."""
    if fallback == policy.name:
        return "a policy cannot be its own fallback"
    if fallback in policy.fallback[:index]:
        return f"{fallback!r} is there twice"
    if fallback not in policies:
        return f"there is no policy {fallback!r}{meant(fallback, policies)}"
    if policies[fallback].kind is Kind.MARKETPLACE:
        return f"{fallback!r} is a marketplace: it gives money back for its own orders only"
    if policies[fallback].limit("protection_days") is None:
        return f"{fallback!r} names no protection_days, so nobody knows how long it is open"
    return None


def _allowed(name: str, policies: Mapping[str, Policy]) -> str:
    able = (other for other, policy in policies.items() if policy.kind is not Kind.MARKETPLACE)
    return ", ".join(sorted(other for other in able if other != name))


def _circles(policies: Mapping[str, Policy]) -> Iterator[Problem]:
    """Each chain that comes back to where it began, told once."""
    told: set[frozenset[str]] = set()
    for name in policies:
        circle = _back_to(name, policies)
        if circle and frozenset(circle) not in told:
            told.add(frozenset(circle))
            yield Problem(f"the chain never ends: {' → '.join(circle)}", f"policies.{circle[-2]}.fallback")


def _back_to(name: str, policies: Mapping[str, Policy]) -> tuple[str, ...]:
    """A way from a policy over at least one other back to itself; empty: there is none."""
    ways: list[tuple[str, ...]] = [(name,)]
    seen = {name}
    while ways:
        way = ways.pop()
        for fallback in policies[way[-1]].fallback:
            if fallback == name and len(way) > 1:
                return (*way, name)
            if fallback in policies and fallback not in seen:
                seen.add(fallback)
                ways.append((*way, fallback))
    return ()
