"""The command line: commands, alert rules, and the webhook that alerts go to."""
