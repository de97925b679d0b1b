"""Pages of diagnoses and enquiries: fetch, check, call one act, render."""
