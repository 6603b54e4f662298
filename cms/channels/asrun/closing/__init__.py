"""What editors do about a debt: choose what makes good for it, or write it off with a reason."""
