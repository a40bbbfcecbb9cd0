"""Exports of cytometry and counting software, and plain tables of results."""
