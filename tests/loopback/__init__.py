"""The tests' own loopback sources: synthetic series in the wire formats of Yahoo, FRED, the CFTC and the LBMA."""
