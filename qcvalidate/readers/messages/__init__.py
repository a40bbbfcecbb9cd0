"""Readers of what information systems send one another: HL7 FHIR and HL7 v2."""
