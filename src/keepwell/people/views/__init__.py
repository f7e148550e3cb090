"""Pages of this room: arriving, signing in, one's own settings, and what anybody may read."""
