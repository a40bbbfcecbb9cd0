"""Certificates of laboratories: the generic reader, and profiles for stubborn layouts."""
