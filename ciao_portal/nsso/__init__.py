"""Everything that speaks with the NSSO (RSZ, ONSS, LSS); the wire names live in ``contract`` alone."""
