"""A store → programs, agents and people: the JSON API (``app``) and the tools of an agent (``mcp``).

``reading`` opens the store for reading and lets go of it; ``asked`` is what a request may say, ``shapes`` what an answer holds,
``answers`` makes it repeatable; ``paging`` makes tokens; ``problems`` is the one shape of every failure; ``gate`` and ``limits``
stand before all routes. ``routes`` holds one small module per kind of question, each of which calls ``dragoman.answer``.
"""
