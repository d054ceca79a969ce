-- Each order gets a public tracking code.

SET LOCAL lock_timeout = '5s';

ALTER TABLE orders ADD COLUMN tracking_code uuid DEFAULT gen_random_uuid();
