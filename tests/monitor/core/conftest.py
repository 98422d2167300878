import pytest

pytest.register_assert_rewrite("tests.monitor.core.rules.rows")
