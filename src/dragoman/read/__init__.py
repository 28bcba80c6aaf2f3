"""The outside world → raw articles.

``inputs`` goes through what was named and hands each thing to who reads its kind; ``folders`` lists files, ``web``
fetches addresses. ``sniff`` tells what a stream holds, ``unpack`` unpacks it within ``limits``, ``streams`` reads it in
bounded pieces. ``tables``, ``parquet``, ``mail``, ``pdf``, ``warc`` and ``zips`` read one kind each; ``columns`` and
``rows`` turn rows into raw articles. Nothing is judged here but whether it can be read.
"""

from dragoman.read.inputs import Reading, iter_articles
from dragoman.read.limits import MAX_BYTES, Limits
from dragoman.read.meter import Meter

__all__ = ["MAX_BYTES", "Limits", "Meter", "Reading", "iter_articles"]
