"""What runs beside the HTTP service: the outbox relay and the queue consumer."""
