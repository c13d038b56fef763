"""Speed of the integration, measured on the simulated panel: for numbers, not for tests."""
