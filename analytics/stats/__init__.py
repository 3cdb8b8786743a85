"""Numbers in, numbers out: tests, resampling and transforms that know no series of the catalogue."""
