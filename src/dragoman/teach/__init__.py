"""Teach the coder event types of one's own: definitions and examples → a light head on the frozen encoder.

``lessons`` reads what a user wrote, ``learning`` fits and cross-validates; ``dragoman.parse.taught`` applies the heads.
"""

from dragoman.teach.learning import Report, teach
from dragoman.teach.lessons import Example, Lesson, read_examples, read_lessons

__all__ = ["Example", "Lesson", "Report", "read_examples", "read_lessons", "teach"]
