"""What moves the metals: real yields, the dollar, industry, uncertainty."""
