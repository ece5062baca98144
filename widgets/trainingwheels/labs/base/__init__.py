"""What every lab stands on: from settings to picture, and the widgets around it."""
