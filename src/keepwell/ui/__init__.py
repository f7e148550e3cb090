"""The face: page frame, components, style, scripts, letters and error pages.

For whom: everyone who meets Keepwell, signed in or not. Owns no records and reads none; it shows what the rooms above
hand to it, and what the door lays on the request (`request.viewer`, `request.places`, `request.now`).
"""
