"""Plans of whole days: drafts of them, what they change, copies of them."""
