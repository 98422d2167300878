"""Set for all tests."""

from hypothesis import settings

# Two cores that other tests share: an example may take its time.
settings.register_profile("shared-cores", deadline=None)
settings.load_profile("shared-cores")
