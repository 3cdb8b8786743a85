"""Who holds how much: positions of groups of traders, and metal in vaults, as known on the day."""
