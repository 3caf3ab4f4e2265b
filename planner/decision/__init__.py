"""Which design to buy, why, how sure that is, and what would change it."""
