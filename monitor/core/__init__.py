"""What orderwatch knows, as pure functions over values: no clock, no I/O, no third-party imports."""
