"""Any of the services that Apprise knows: ntfy, Telegram, Pushover, e-mail, webhooks and many more.

A channel is one Apprise URL (https://appriseit.com/services/), so one service. Apprise only carries:
it neither retries nor repeats, follows no redirect, fetches no icon, attaches no file, reads no
markup or emoji names in a message. Loading it takes 0.7 s and 24 MiB (2.3.0 on Python 3.11), so it
is imported for a configured channel and not before.

What can be known of a delivery: the HTTP status or the SMTP code for nearly every service. For ntfy,
Telegram and Pushover also their own word that they took the message. Any other service that answers
200 counts as delivered, even if a captive portal or the wrong server said it; where a web page came
back the receipt says so. A URL with several targets is one message: when one target fails, all get
it again.
"""

import re
import sys
import warnings
from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from pydantic import Field, SecretStr, field_validator

from monitor.notifier import Channel, Notification, Receipt, Severity

if TYPE_CHECKING:
    from apprise import AppriseAsset, NotifyBase

    from notifiers._wire import Wire

#: What Apprise calls a message of each severity: the colour or the sign it gives it.
KINDS: Mapping[Severity, str] = {
    Severity.INFO: "info",
    Severity.NOTICE: "info",
    Severity.WARNING: "warning",
    Severity.URGENT: "warning",
    Severity.CRITICAL: "failure",
}
_NTFY = ("priority", {"info": "2", "notice": "3", "warning": "4", "urgent": "4", "critical": "5"})
#: How services are told the severity, unless the URL says something else: a parameter and its values.
URGENCY: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "ntfy": _NTFY,
    "ntfys": _NTFY,
    # Not "low", which is -2 there and shows nothing at all.
    "pover": ("priority", {"info": "-1", "notice": "0", "warning": "0", "urgent": "1", "critical": "2"}),
    "tgram": ("silent", {"info": True, "notice": True, "warning": False, "urgent": False, "critical": False}),
}
#: Pushover's priority for messages that nobody is shown.
_UNSEEN = -2
_REHEARSAL_SECONDS = 5.0
#: The part of the channel's time that the service gets, so that it ends before it is given up on.
_SHARE = 0.95
_SCHEMA = re.compile(r"([a-z0-9][a-z0-9+.-]*)://", re.IGNORECASE)
_SECOND_URL = re.compile(r"[\s,;]+[a-z0-9]+://", re.IGNORECASE)
_HOST = re.compile(r"localhost|[\w-]+(\.[\w-]+)+|[0-9a-f:]*:[0-9a-f:]+", re.IGNORECASE | re.ASCII)


class AppriseChannel(Channel):
    """Sends over one service of Apprise."""

    url: SecretStr = Field(
        description="one URL of Apprise, such as ntfys://example.org/my-topic or tgram://TOKEN/CHAT",
        json_schema_extra={"example": "ntfys://example.org/my-topic"},
    )

    @field_validator("url")
    @classmethod
    def _can_be_sent_to(cls, url: SecretStr) -> SecretStr:
        """Refuses what Apprise would accept and never deliver. Sends nothing."""
        check_url(url.get_secret_value())
        return url

    def send(self, notification: Notification) -> Receipt:
        from notifiers._answers import Verdict
        from notifiers._verdict import judge
        from notifiers._wire import Wire

        schema, service = self._service(notification.severity)
        wire = Wire(self.timeout_seconds * _SHARE)
        taken = _deliver(service, notification, wire)
        match judge(schema, wire.seen, taken=taken):
            case Receipt() as receipt:
                return receipt
            case Verdict() as verdict:
                raise verdict.error(_describe(service))

    def describe(self) -> str:
        return _describe(self._service(self.min_severity)[1])

    def _service(self, severity: Severity) -> "tuple[str, NotifyBase]":
        """The schema of the URL, and its service made anew: one that has sent already would wait."""
        parsed = _parsed(self.url.get_secret_value())
        schema = str(parsed["schema"])
        parameter, values = URGENCY.get(schema, ("", {}))
        if parameter and parameter not in parsed["qsd"]:
            parsed[parameter] = values[severity]
        service = _service_of(parsed)
        seconds = self.timeout_seconds * _SHARE
        service.socket_connect_timeout = min(service.socket_connect_timeout, seconds)
        service.socket_read_timeout = (
            min(service.socket_read_timeout, seconds) if "rto" in parsed else seconds
        )
        return schema, service


CHANNEL = AppriseChannel


def check_url(url: str) -> None:
    """Raises ValueError, without the URL, for one that Apprise would take and never deliver to.

    Nothing is sent: where the service speaks HTTP it is made to try with the network cut off.
    """
    from notifiers._wire import Wire

    parsed = _parsed(url)
    service = _service_of(parsed)
    if parsed["schema"] == "tgram" and not getattr(service, "targets", None):
        raise ValueError("must name the chat: tgram://TOKEN/CHAT")
    if parsed["schema"] == "pover" and getattr(service, "priority", None) == _UNSEEN:
        raise ValueError("must not have priority=low, which Pushover never shows; moderate is the lowest")
    if not hasattr(sys.modules[type(service).__module__], "requests"):
        return
    wire = Wire(_REHEARSAL_SECONDS, cut=True)
    _deliver(service, Notification("", "check", "check", Severity.INFO), wire)
    if not wire.seen:
        missing = "is a topic, chat, device or address missing or wrong?"
        raise ValueError(f"leaves {service.service_name} nothing that it could send to; {missing}")


def _load() -> None:
    """Imports Apprise and all its services, or does nothing the second time."""
    from notifiers._wire import listen

    listen()
    with warnings.catch_warnings():
        # It uses modules of Python that are on their way out; with -W error it would stay half loaded.
        warnings.simplefilter("ignore", DeprecationWarning)
        from apprise import NotificationManager

        NotificationManager().load_modules()  # type: ignore[no-untyped-call]


def _parsed(url: str) -> dict[str, Any]:
    """What Apprise reads out of `url`. Raises ValueError."""
    _load()
    from apprise.plugins import url_to_dict

    schema = _SCHEMA.match(url.strip())
    if schema is None:
        raise ValueError("must be a URL of Apprise, such as ntfys://example.org/my-topic")
    if _SECOND_URL.search(url.strip()):
        raise ValueError("must be one URL; every other service is a channel of its own")
    parsed: dict[str, Any] | None = url_to_dict(url.strip())  # type: ignore[no-untyped-call]
    if parsed is None:
        raise ValueError(_why_not(schema[1].lower()))
    return parsed


def _service_of(parsed: dict[str, Any]) -> "NotifyBase":
    """The service, robbed of everything that is the outbox's to do. Raises ValueError."""
    from apprise import Apprise

    service = Apprise.instantiate(parsed, asset=_asset())
    if service is None:
        raise ValueError(_why_not(parsed["schema"]))
    service.retry, service.optional, service.redirects = 0, False, False
    service.request_rate_per_sec = 0
    return service


def _why_not(schema: str) -> str:
    """Why Apprise makes no service of a URL that starts so."""
    from apprise import NotificationManager

    known = NotificationManager()  # type: ignore[no-untyped-call]
    if schema in known and not known[schema].enabled:
        packages = known[schema].requirements.get("packages_required") or "a library of the system"
        return f"needs for {known[schema].service_name} what is not installed: {packages}"
    if schema in known:
        return f"is not complete or not well-formed for {known[schema].service_name}"
    if schema in {"http", "https"}:
        return "is a web address that Apprise does not know; a webhook is written json:// or jsons://"
    near = get_close_matches(schema, known.schemas(), n=1)  # type: ignore[no-untyped-call]
    return f"names no service of Apprise: {schema}://" + (f"; did you mean {near[0]}://?" if near else "")


def _asset() -> "AppriseAsset":
    """How Apprise behaves: literally, with nothing from elsewhere, and (no timeout) in this thread."""
    from apprise import AppriseAsset

    return AppriseAsset(
        app_id="orderwatch",
        app_desc="orderwatch",
        app_url="",
        default_service_retry=0,
        http_redirects=False,
        image_path_mask=False,
        image_url_logo="",
        image_url_mask="",
        interpret_emojis=False,
        interpret_escapes=False,
        pem_autogen=False,
        pgp_autogen=False,
        service_timeout=0,
        storage_mode="memory",
    )


def _deliver(service: "NotifyBase", notification: Notification, wire: "Wire") -> bool:
    """Lets Apprise send; what happens is on the `wire`. Returns whether Apprise is content."""
    from apprise import Apprise, ContentLocation, NotifyFormat

    carrier = Apprise(service, asset=service.asset, location=ContentLocation.INACCESSIBLE)
    with wire.tapped():
        result = carrier.notify(
            body=notification.body,
            title=notification.title,
            notify_type=KINDS[notification.severity],
            body_format=NotifyFormat.TEXT,
        )
    return bool(result)


def _describe(service: "NotifyBase") -> str:
    """The service, and its host where the URL has one: some keep a token or a topic in that place."""
    host = service.host or ""
    token = service.template_tokens.get("host", {"private": True})
    is_public = not token.get("private") and _HOST.fullmatch(host)
    return f"{service.service_name} at {host}" if is_public else str(service.service_name)
