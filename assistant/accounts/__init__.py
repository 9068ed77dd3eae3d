"""Who may do what: accounts, units, sessions and rights."""
