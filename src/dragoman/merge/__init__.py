"""Events → Incidents: reports of one event become one incident, each merge with its reason.

``views`` sees an event as merging compares it (words by ``words``), ``blocking`` says which two are compared, ``features`` and
``scorer`` how sure they are one, ``clusters`` and ``engine`` which groups that makes, ``incidents`` what a group tells.
``copies`` finds who wrote an article, ``follow`` what follows from or denies what.
"""

from dragoman.merge.engine import Group, group
from dragoman.merge.incidents import Source, incident_of, merge_events
from dragoman.merge.scorer import Scorer, load_scorer

__all__ = ["Group", "Scorer", "Source", "group", "incident_of", "load_scorer", "merge_events"]
