"""The outside world → raw articles.

``inputs`` goes through paths, folders and standard input; ``sniff`` tells what a stream holds; ``streams`` reads it in
bounded pieces; ``rows`` and ``tables`` turn rows into raw articles. Nothing is judged here but whether it can be read.
"""

from dragoman.read.inputs import MAX_BYTES, iter_articles

__all__ = ["MAX_BYTES", "iter_articles"]
