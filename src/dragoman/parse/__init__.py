"""Article → Parsed: sentences, one pass of the encoder, decoding.

Order of the steps: ``sentences`` → ``model`` (word pieces in, logits out) → ``decode``. Sentences of all articles of a
batch are sorted by length and run together, since padding is what costs most.
"""

from dragoman.parse.model import EncoderModel
from dragoman.parse.parser import Parser
from dragoman.parse.sentences import split_sentences

__all__ = ["EncoderModel", "Parser", "split_sentences"]
