"""The ground: small pure Python that knows nothing of Django or of Keepwell.

Weeks and local dates (`periods`), authored content (`content`), spreadsheets from outside (`sheets`)
and a handful of statistics (`stats`). It keeps no records and sees nobody's.
"""
