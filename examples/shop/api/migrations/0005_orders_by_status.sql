-- The fulfilment screen lists orders by status, oldest first.

SET LOCAL lock_timeout = '5s';

CREATE INDEX orders_status_idx ON orders (status, placed_at, id);
