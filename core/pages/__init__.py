"""What a web page says about itself: pure, linear in time, bounded, and never invented."""
