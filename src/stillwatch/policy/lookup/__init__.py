"""Files of one row an account that are published whole, mapped into memory and looked up while a call waits."""
