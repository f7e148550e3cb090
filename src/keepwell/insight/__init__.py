"""My trends and my data: what a person can see of themselves, take away, and erase.

Exports are private to the person who asked, sealed, and gone after a day. Erasing walks every room in one visible list.
The agency's released group figures will stand here too; today there are none.
"""
