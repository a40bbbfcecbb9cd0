"""Lots that meet everything, and one change at a time: unsafe ones, and harmless ones."""
