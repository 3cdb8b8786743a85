"""The three triggers: what is on, and what past firings were worth."""
