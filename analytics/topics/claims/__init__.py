"""The article's 34 claims: the only topic that reads other topics."""
