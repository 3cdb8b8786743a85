"""Silver's own market, by the print that was known."""
