"""Order files (TOML, JSON, CSV, known exports) → orders, and why a row did not become one.

A file's bytes become a `Listing` of orders as they are written (one small module for each format),
and each of these becomes a `Row` or an OrderFileError in one place, `row.py`.
"""

from monitor.orders.files import OrderFile, fingerprint, read_order_file, read_order_paths
from monitor.orders.row import Row

__all__ = ["OrderFile", "Row", "fingerprint", "read_order_file", "read_order_paths"]
