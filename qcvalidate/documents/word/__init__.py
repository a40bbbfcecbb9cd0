"""Walks the parts of a DOCX file: what stands in it, how it looks, and what cannot be judged."""
