"""Who comes first: lags, and what the follow did after the lead's highs."""
