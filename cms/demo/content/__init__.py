"""What the demo says, as values: nothing here touches the database."""
