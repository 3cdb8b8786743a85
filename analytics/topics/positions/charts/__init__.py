"""Figures of positions and vaults."""
