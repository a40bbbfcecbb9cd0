"""The rules, each with its code: what `qcvalidate rules` lists and `qcvalidate explain` tells.

Codes are never reused. A criterion's outcome takes its code from the family of its test and
the kind of outcome (`outcome_rule`); a finding names its rule by slug.
"""
