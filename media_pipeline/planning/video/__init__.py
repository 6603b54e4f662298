"""What is in a picture, and how it is therefore encoded."""
