"""Set for all tests."""

import pytest
from hypothesis import settings

# Two cores that other tests share: an example may take its time, and `make check` tries more of them.
settings.register_profile("quick", deadline=None, max_examples=50)
settings.register_profile("thorough", deadline=None)
settings.load_profile("quick")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write what is said anew; then read the difference"
    )
