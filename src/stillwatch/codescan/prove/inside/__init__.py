"""What runs behind the walls, in the interpreter of the code base and beside its code: standard library alone."""
