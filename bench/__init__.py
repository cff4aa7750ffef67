"""Measurements. Ratios are to be trusted, milliseconds are not; so variants take turns within each round."""
