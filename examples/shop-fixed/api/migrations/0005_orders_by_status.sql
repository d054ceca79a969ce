-- The fulfilment screen lists orders by status, oldest first.

CREATE INDEX CONCURRENTLY orders_status_idx ON orders (status, placed_at, id);
