"""From an idea to a decision: programmes, calls, ideas, applications, assessment, letters."""
