"""The guide and the channels for programs of others: XMLTV, extended M3U, iCalendar."""
