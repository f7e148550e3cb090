"""To be said when the room is furnished."""
