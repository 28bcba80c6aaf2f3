"""Draft → Event: who, where, when and how many, each with its evidence.

Order of the steps per article, in ``resolver``: ``actors`` (reads the article once) → ``places`` → ``dates`` → ``counts``
→ ``events``.
"""
