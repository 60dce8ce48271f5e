"""From one record to the next: which evidence and rules changed, and the effect of each change on companies."""
