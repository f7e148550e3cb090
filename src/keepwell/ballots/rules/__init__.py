"""True without a database: the reporting tree, what may be released, how a ballot is sealed, the chain of releases."""
