"""Others' numbers, transcribed by hand and kept apart from code, each with its source and its day of print.

``dated_events`` what charts mark, ``fomc`` the Committee's calendar, ``silver`` the World Silver Survey and visible
stocks, ``thresholds`` what would settle each claim, fixed beforehand, ``provenance`` who printed what. The figures stand in the TOML files beside; nothing here computes anything but checks on them, and
every reader takes the day of knowledge as an argument, so that a view of an earlier day shows nothing printed
after it.
"""
