"""Charts: finding -> Chart. No arithmetic beyond rounding."""
