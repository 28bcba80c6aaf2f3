"""The language of dates: finds the time expressions of English news and works out the days they mean.

``find_dates`` cuts the text into classified tokens (lexer), reads them with rules (rules_*), and joins ranges.
``infer_published`` works out when a page without metadata was published.
"""

from dragoman.timex.expression import Bound, TimeExpression, TimexType
from dragoman.timex.inference import Inferred, infer_published
from dragoman.timex.tagger import find_dates

__all__ = ["Bound", "Inferred", "TimeExpression", "TimexType", "find_dates", "infer_published"]
