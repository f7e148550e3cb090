"""True without a database: when a person may be reached, what a message says, when a failed one is tried again."""
