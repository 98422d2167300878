import pytest

pytest.register_assert_rewrite("tests.monitor.core.rules.rows", "tests.monitor.core.walks")
