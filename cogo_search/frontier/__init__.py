"""The width frontier: networks whose nodes mix several frequencies."""
