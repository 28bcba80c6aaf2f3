"""Raw articles → articles, or the reason why not.

The steps, one file each, in the order in which ``Cleaner`` takes them: decode (bytes → text) · html (pages → blocks) ·
pages (lines → sections) · language · published (date with evidence).
"""

from dragoman.clean.cleaner import Cleaner
from dragoman.clean.published import InferPublished, InferredDate

__all__ = ["Cleaner", "InferPublished", "InferredDate"]
