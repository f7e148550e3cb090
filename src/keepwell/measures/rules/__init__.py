"""True of measures without a database: keys, scoring, reliable change, charts over time, a person's own usual."""
