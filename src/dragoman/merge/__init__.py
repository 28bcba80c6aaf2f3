"""Events → Incidents: reports of one event become one incident, each merge with its reason.

First version: within one article. ``article`` groups the events of a single article; merging across articles comes
with its own issue.
"""

from dragoman.merge.article import merge_article

__all__ = ["merge_article"]
