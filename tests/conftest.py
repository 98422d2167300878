"""Set for all tests."""

import pytest
from hypothesis import settings

# Two cores that other tests share: an example may take its time.
settings.register_profile("shared-cores", deadline=None)
settings.load_profile("shared-cores")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write what is said anew; then read the difference"
    )
