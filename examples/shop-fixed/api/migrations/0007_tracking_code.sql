-- Each new order gets a public tracking code. Older orders get theirs from the
-- backfill job (shop.worker.backfill), in batches, after this has been deployed.

SET LOCAL lock_timeout = '5s';

ALTER TABLE orders ADD COLUMN tracking_code uuid;
ALTER TABLE orders ALTER COLUMN tracking_code SET DEFAULT gen_random_uuid();
