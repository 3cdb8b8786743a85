"""The tests' own loopback sources: synthetic series in the wire formats of Yahoo and FRED."""
