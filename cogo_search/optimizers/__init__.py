"""Recipes, their assembly into whole networks, and the loss in three ways that agree."""
