"""What make_samples.py draws its lots with: certificates, list-mode files, gates, tables."""
