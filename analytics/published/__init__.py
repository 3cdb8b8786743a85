"""Others' numbers, transcribed by hand and kept apart from code, each with its source and its day of print.

``events`` dated events, ``fomc`` the Committee's calendar, ``silver`` the World Silver Survey and visible
stocks. The figures stand in the TOML files beside; nothing here computes anything but checks on them, and
every reader takes the day of knowledge as an argument, so that a view of an earlier day shows nothing printed
after it.
"""
