"""The Rate path page's figures. Cuts and hikes are symmetrical: blue eases, red tightens, grey holds."""
