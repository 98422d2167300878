"""The evidence folders, as the file system has them: one below the configured root for each order.

The buyer drops files in; here they are only looked at. Nothing is changed, moved or deleted, no link is
followed, and nothing but plain files is ever opened.
"""

from monitor.evidence.folders import MARK, folder_of, orders_by_folder, sayable
from monitor.evidence.hashing import Digest, Hasher, Unread
from monitor.evidence.looking import (
    Found,
    Identity,
    Look,
    Trouble,
    list_root,
    look_into,
    opened_exhibit,
)

__all__ = [
    "MARK",
    "Digest",
    "Found",
    "Hasher",
    "Identity",
    "Look",
    "Trouble",
    "Unread",
    "folder_of",
    "list_root",
    "look_into",
    "opened_exhibit",
    "orders_by_folder",
    "sayable",
]
