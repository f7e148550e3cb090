"""Reaching a person, quietly. Outbox, due rows, in-app notes, a person's hours and holds, the catalogue of messages.

Due rows are how every room says what is coming for a person without anyone calling it: Today, calendar feeds and reminders
read them and nothing else. Rows here are private to the person they are for; the outbox is of the house and holds its
addresses and words sealed.
"""
