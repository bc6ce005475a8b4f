"""Finite groups with their characters, and their actions."""
