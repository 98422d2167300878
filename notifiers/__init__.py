"""Notification channels, one module each. `monitor.notifier` is the contract."""
