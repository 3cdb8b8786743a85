"""Correlations of two series: by lag, summed over lags, and rolling."""
