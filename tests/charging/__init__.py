"""Tests of Green'Up in Home Assistant."""
