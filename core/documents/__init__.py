"""Reading of documents from strangers: charsets, markup, dates. Pure, linear in time, never surprised."""
