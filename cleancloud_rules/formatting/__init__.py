"""The formatter of files, behind the command `fmt`."""
