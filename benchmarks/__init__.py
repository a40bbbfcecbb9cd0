"""The budgets of the design, each a ratio measured in one run against the thing it names."""
