"""One room a question: measures, recipes, charts, blocks and words under one stem. Topics do not read each other."""
