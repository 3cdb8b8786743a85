"""Charts: finding -> Chart. No arithmetic beyond rounding; every colour lives in ``theme``."""
