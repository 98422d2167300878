"""The HTTP library, without the command line that it loads along where click and rich are installed:
6 MB that a service never uses. httpx does without when that module cannot be imported."""

import sys

sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]

import httpx  # noqa: E402

__all__ = ["httpx"]
