"""Instants, release times and trading days: which day it is in New York, and what should be known by now."""
