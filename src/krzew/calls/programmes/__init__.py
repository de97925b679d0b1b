"""Programmes before and around a call: editing their parts, trying them out, what is missing before a call."""
