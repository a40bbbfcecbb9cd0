"""Judges tables of results of very many lots again, without their papers."""
