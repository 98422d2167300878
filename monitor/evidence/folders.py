"""What the folder of an order is called."""

import os
import re
from collections.abc import Iterable
from hashlib import sha256

#: An id that can be the name of a folder as it is. None of them has the mark of those that cannot.
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
MARK = "~"
_ODD = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_WORD = 40


def folder_of(order: str) -> str:
    """The name of an order's folder: its id. An id that is no plain word (`../x`, `a/b`) becomes one, with
    a mark that tells it from all others: `x~5f27c1b3`."""
    if _PLAIN.fullmatch(order):
        return order
    word = _ODD.sub("-", order).strip("-._")[:_LONGEST_WORD]
    return f"{word or 'order'}{MARK}{sha256(order.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def orders_by_folder(names: Iterable[str], odd_ids: Iterable[str]) -> dict[str, str]:
    """The orders that folders of these names can belong to. `odd_ids` are all orders whose ids are no
    plain words; they are needed only if a name has the `MARK`."""
    odd = {folder_of(order): order for order in odd_ids}
    return {name: odd.get(name, name) for name in names if name in odd or _PLAIN.fullmatch(name)}


def sayable(path: str) -> str:
    """A path for people and JSON: bytes in it that are no UTF-8 are marked."""
    return os.fsencode(path).decode("utf-8", "replace")
