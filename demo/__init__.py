"""A real Home Assistant that polls a simulated panel: for newcomers, browser tests and benchmarks."""
