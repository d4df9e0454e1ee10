"""What changed from one published version to the next, as a stream that is only ever added to."""
