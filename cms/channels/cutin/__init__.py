"""Breaking cut-ins and notices: what an editor shows at once, without waiting for the plan."""
