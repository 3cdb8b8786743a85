"""Measures: pure functions from numbers to frozen findings. No I/O, no clock, no global random state."""
