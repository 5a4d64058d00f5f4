"""The portal's pages, one module a kind of visitor."""
