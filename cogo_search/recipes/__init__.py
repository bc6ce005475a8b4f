"""Networks of exactly zero loss, composed of solutions at single frequencies."""
