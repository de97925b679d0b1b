"""What an innovator writes on the way: the specification and the final report, by the questions of a stage."""
