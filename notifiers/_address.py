"""The address of a server that a native channel speaks to, as a configuration may give it."""

from urllib.parse import SplitResult, urlsplit

from monitor.notifier import is_this_machine


def server_address(text: str, *, allow_http: bool, then: str, may_have_path: bool = False) -> str:
    """`text` without what stands after its host, or path. Raises ValueError in words for its user; `then`
    says what follows after it."""
    parts = _split(text)
    if parts is None or "@" in parts.netloc:
        raise ValueError("must be an https:// address, without a user")
    if parts.query or parts.fragment or (parts.path.strip("/") and not may_have_path):
        raise ValueError(f"must end {then}")
    if parts.scheme == "http" and not (allow_http or is_this_machine(parts.hostname or "")):
        raise ValueError("is plain http to another machine: use https://, or set allow_http = true")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - is looked at only when it is asked for
    except ValueError:
        return None
    return parts if parts.scheme in ("https", "http") and parts.hostname else None
