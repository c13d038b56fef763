"""Tests of what consumption costs."""
