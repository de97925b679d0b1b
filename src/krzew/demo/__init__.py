"""The demonstration: invented people and organisations around a real place. Never in production."""
