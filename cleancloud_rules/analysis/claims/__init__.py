"""Published claims, recounted."""
