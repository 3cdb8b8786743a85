"""Every ordered pair of a universe, judged as one scan."""
