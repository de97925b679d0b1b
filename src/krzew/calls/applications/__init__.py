"""What an application says: answers read and shown, applicants, what is still missing, files, the printed copy."""
