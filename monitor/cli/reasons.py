"""The reasons for a dispute, as they are named on the command line."""

from difflib import get_close_matches

from monitor.core.policy import Policy
from monitor.errors import UsageError


def policy_reason(text: str | None, policy: Policy) -> str | None:
    """The policy's name of a reason, written with - or _, or as the reason's title. Raises UsageError."""
    if text is None:
        return None
    by_words = {_plainly(reason.title): id_ for id_, reason in policy.reasons.items()}
    by_words |= {_plainly(id_): id_ for id_ in policy.reasons}
    wanted = _plainly(text)
    if wanted in by_words:
        return by_words[wanted]
    near = get_close_matches(wanted, by_words, n=1)
    hint = f"; did you mean {by_words[near[0]]}?" if near else ""
    raise UsageError(f"--reason: {text!r} is no reason{hint} (allowed: {', '.join(policy.reasons)})")


def _plainly(text: str) -> str:
    return text.strip().lower().replace("-", "_").replace(" ", "_")
