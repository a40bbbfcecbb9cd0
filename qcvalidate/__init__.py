"""Checks the papers of a cell-product lot against its release specification."""

__version__ = "0.1.0"
