"""Values that the rooms of the pipeline pass to each other. Pure: no files, no clock."""
