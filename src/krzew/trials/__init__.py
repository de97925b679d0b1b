"""From a decision to the library: agreement, specification, small-scale test, settlement, evaluation, dissemination."""
