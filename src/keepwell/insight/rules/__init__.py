"""True without a database: how what a person has becomes files they can open anywhere."""
