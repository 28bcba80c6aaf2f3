"""Batches → workers → store: the same coder in this process or in several, results in order.

``local`` runs on this machine.
"""

from dragoman.run.local import Plan, iter_coded

__all__ = ["Plan", "iter_coded"]
