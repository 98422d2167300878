"""What a delivery came to, told from what was seen of it. A failure is one of three:

temporary   nothing arrived: no connection, 408, 425, 429, 5xx, SMTP 4xx, a web page for an answer
permanent   it was refused: other 4xx, a redirect (a message is never carried elsewhere), SMTP 5xx
ambiguous   it went out, and no whole answer came back
"""

import json
import smtplib
import socket
import ssl
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NameResolutionError, NewConnectionError
from urllib3.exceptions import ProxyError as BrokenProxy
from urllib3.exceptions import SSLError as BrokenTLS

from monitor.notifier import Failure, Receipt
from notifiers._answers import Answer, Verdict, somebody_else
from notifiers._answers import verdict as of_status

_NOT_CONNECTED: Sequence[tuple[type[Exception], str]] = (
    (NameResolutionError, "its name cannot be resolved"),
    (NewConnectionError, "it cannot be connected to"),
    (ConnectTimeoutError, "it cannot be connected to in time"),
    (BrokenProxy, "the proxy does not let it through"),
    (BrokenTLS, "its TLS certificate or encryption is not accepted"),
)


def _ntfy(reply: Mapping[str, Any]) -> str | None:
    return str(reply["id"]) if reply.get("id") else None


def _telegram(reply: Mapping[str, Any]) -> str | None:
    result = reply.get("result")
    message = result.get("message_id", "") if isinstance(result, dict) else ""
    return str(message) if reply.get("ok") is True else None


def _pushover(reply: Mapping[str, Any]) -> str | None:
    return str(reply.get("receipt") or reply.get("request", "")) if reply.get("status") == 1 else None


#: Services that say in JSON whether they took a message: the id they gave it, or None if they did not.
CONFIRMATIONS: Mapping[str, Callable[[Mapping[str, Any]], str | None]] = {
    "ntfy": _ntfy,
    "ntfys": _ntfy,
    "pover": _pushover,
    "tgram": _telegram,
}


def judge(schema: str, seen: Sequence[Answer | Exception], *, taken: bool) -> Receipt | Verdict:
    """What became of a delivery over the service `schema`, which Apprise calls `taken` or not."""
    if not taken or (seen and not any(map(_is_success, seen))):
        return verdict(seen)
    answers = [event for event in seen if isinstance(event, Answer)]
    confirm = CONFIRMATIONS.get(schema)
    if not (answers and confirm):
        return Receipt(detail=_said(answers))
    for answer in answers:
        if confirm(_json_object(answer)) is None:
            return not_taken(answer)
    return Receipt(confirm(_json_object(answers[-1])), _said(answers))


def verdict(seen: Sequence[Answer | Exception]) -> Verdict:
    """Why a delivery failed that saw these answers and errors: the last that is bad decides."""
    bad = [event for event in seen if not _is_success(event)]
    match (bad or list(seen))[-1:]:
        case [Answer() as answer]:
            return of_answer(answer)
        case [requests.RequestException() as error]:
            return _of_request(error)
        case [OSError() as error]:
            return _of_socket(error)
        case [Exception() as error]:  # a header that no request can carry
            return Verdict(Failure.PERMANENT, f"the request cannot be sent ({type(error).__name__})")
        case _:
            return Verdict(Failure.TEMPORARY, "it failed, and Apprise does not tell why")


def of_answer(answer: Answer) -> Verdict:
    """What this answer to a failed delivery means."""
    return of_status(answer) or not_taken(answer)


def not_taken(answer: Answer) -> Verdict:
    """A failure that calls itself a success: a refusal in JSON, or somebody else who answered."""
    if answer.body.lstrip()[:1] in (b"{", b"["):
        refused = "but refused the message in its answer"
        return Verdict(Failure.PERMANENT, f"it answered {answer.status}, {refused}")
    return somebody_else(answer)


def _is_success(event: Answer | Exception) -> bool:
    return isinstance(event, Answer) and 200 <= event.status < 300


def _said(answers: Sequence[Answer]) -> str:
    """The last answer in a few words; never its own, which may be anybody's."""
    if not answers:
        return ""
    page = answers[-1].headers.get("Content-Type", "").startswith("text/html")
    return f"HTTP {answers[-1].status}" + (", a web page: perhaps not the service itself" if page else "")


def _json_object(answer: Answer) -> Mapping[str, Any]:
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _of_request(error: requests.RequestException) -> Verdict:
    if isinstance(error, ValueError):  # an address or a header that cannot be sent at all
        return Verdict(Failure.PERMANENT, f"the request cannot be sent ({type(error).__name__})")
    cause = error.args[0] if error.args else None
    if isinstance(cause, MaxRetryError):  # what `requests` makes of everything before the request is out
        words = [text for kind, text in _NOT_CONNECTED if isinstance(cause.reason, kind)]
        return Verdict(Failure.TEMPORARY, next(iter(words), "it cannot be connected to"))
    if isinstance(error, requests.ConnectTimeout) or _was_connecting(error):
        return Verdict(Failure.TEMPORARY, "it cannot be connected to in time")
    if isinstance(error, requests.ReadTimeout):
        return Verdict(Failure.AMBIGUOUS, "no answer came in time; the message may have arrived")
    return Verdict(Failure.AMBIGUOUS, "its answer broke off; the message may have arrived")


def _of_socket(error: OSError) -> Verdict:
    match error:
        case smtplib.SMTPRecipientsRefused():
            codes = [code for code, _ in error.recipients.values()]
            return _of_smtp(min(codes, default=0))
        case smtplib.SMTPResponseException() if error.smtp_code > 0:
            return _of_smtp(error.smtp_code)
        case smtplib.SMTPNotSupportedError():
            return Verdict(Failure.PERMANENT, "the mail server does not offer what the address asks for")
    if not _was_connecting(error) and not _was_introducing(error):
        return Verdict(Failure.AMBIGUOUS, "the connection broke; the message may have arrived")
    match error:
        case socket.gaierror():
            return Verdict(Failure.TEMPORARY, "its name cannot be resolved")
        case ssl.SSLError():
            return Verdict(Failure.TEMPORARY, "its TLS certificate or encryption is not accepted")
    return Verdict(Failure.TEMPORARY, f"it cannot be connected to ({type(error).__name__})")


def _of_smtp(code: int) -> Verdict:
    failure = Failure.PERMANENT if code >= 500 else Failure.TEMPORARY
    hint = "; are user and password right?" if code in (530, 534, 535) else ""
    return Verdict(failure, f"the mail server answered {code}{hint}")


def _was_connecting(error: BaseException | None) -> bool:
    """Whether this, or what caused it, happened before there was a connection, TLS included."""
    return error is not None and (
        not {"connect", "create_connection", "getaddrinfo"}.isdisjoint(_calls(error))
        or _was_connecting(error.__context__)
    )


def _was_introducing(error: OSError) -> bool:
    """Whether a mail server broke off before it was given the text, SMTP's DATA."""
    calls = _calls(error)
    return "smtplib" in calls.values() and "data" not in calls


def _calls(error: BaseException) -> Mapping[str, str]:
    """The functions that `error` came through, with their modules."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    return {frame.f_code.co_name: frame.f_globals.get("__name__", "") for frame in frames}
