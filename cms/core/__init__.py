"""Users, ids, money, clock, Indonesian formats, the outbox of facts. Needs nothing of the others."""
