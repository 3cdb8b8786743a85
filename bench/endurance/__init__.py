"""What the ledger and the pages live through: one module a kind of harm, each with ``run(tries, seed) -> Outcome``."""
