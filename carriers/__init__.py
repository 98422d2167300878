"""Tracking sources, one module each. `monitor.carrier` is the contract."""
