"""From numbers to what a reader sees or takes away: charts, words, records, files. No statistics."""
