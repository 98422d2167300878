import pytest
from hypothesis import settings

pytest.register_assert_rewrite("tests.monitor.core.rules.rows")

# A loaded machine is no reason for a property to fail.
settings.register_profile("core", deadline=None)
settings.load_profile("core")
