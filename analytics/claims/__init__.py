"""The article's 34 claims: how each is measured, the threshold fixed before any measure was written, the verdict."""
