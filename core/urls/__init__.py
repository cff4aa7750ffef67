"""What makes two addresses the same link."""
