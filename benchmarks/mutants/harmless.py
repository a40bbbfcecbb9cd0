"""Harmless changes."""
