"""Counting without knowing: the sealed box, and the one gate through which group figures leave it.

A ballot holds one person's values of one period and the place they stood in when the period began; it names nobody, and no row
but that person's own sealed slip knows which ballot is theirs. At the close the box is opened in memory, figures that are safe
to show are written once and for ever, and the ballots are gone. Ballots and releases are of the house; a slip is private to its
person. Everybody in an agency may read its releases, and nothing else of this room.
"""
