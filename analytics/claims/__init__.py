"""The article's 34 claims: measurement, threshold fixed in advance, verdict."""
