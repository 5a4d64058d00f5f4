"""Events and messages of the contracts, to and from routing's own words."""
