"""The chosen pair: how far apart its legs are, which one moved, and whether it beats others."""
