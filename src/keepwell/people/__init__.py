"""Who is here, in which place, and who may see what.

Persons own themselves and their keys; agencies, programmes, teams, members, responsibilities and invitations are shared
within an agency and seen by those whose work it is. Nobody's role gives a right to another person's content. This room
answers only "who"; what people do lives in the rooms above.
"""
