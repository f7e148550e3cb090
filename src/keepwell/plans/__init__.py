"""What I intend: the self-care plan, the weekly commitment, and what to do when it is very hard.

Every row here is private to the person it is about and sealed with their key, down to which small step was taken and which part
was filled in. Nobody else sees any of it: not as text, not as a count, not as a date. Others get 404.
"""
