"""Green'Up in Home Assistant: joins the load manager (``greenup``) with meters, stations and entities.

Who may draw how much is the room's matter; how registers are read and written, ``bus``'s.
"""
