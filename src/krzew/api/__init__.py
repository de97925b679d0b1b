"""The public API: places, indicators, comparison groups, library, public diagnoses. No personal data."""
