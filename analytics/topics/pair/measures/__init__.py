"""Measures: aligned values in, frozen findings out. No I/O, no clock, no global random state."""
