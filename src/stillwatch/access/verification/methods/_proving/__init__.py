"""What a method is, and how the files of the folder are found."""
