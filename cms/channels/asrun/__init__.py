"""As-run: rows of what each channel aired, kept from the origins' journals."""
