"""An attack on our own gate: what `keepwell prove privacy` runs against the release rules as they stand, on invented agencies."""
