"""Forms of this room, by the page they stand on."""
