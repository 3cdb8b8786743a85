"""Pure measures of positions and vaults."""
