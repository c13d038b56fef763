"""Tests of the load manager."""
