"""The width frontier: how narrow an optimizer can be, with nodes of several frequencies."""
