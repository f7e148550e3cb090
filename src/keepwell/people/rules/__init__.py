"""True without a database: sealing, roles, words."""
