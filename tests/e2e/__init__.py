"""The demo as a newcomer starts it, and its pages in a real browser."""
