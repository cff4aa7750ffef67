"""How a post looks: templates that people write, and those there are without them."""
