"""Tests of the language of dates."""
