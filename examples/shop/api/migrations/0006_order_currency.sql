-- Every order names its currency.

SET LOCAL lock_timeout = '5s';

ALTER TABLE orders ADD COLUMN currency text NOT NULL;
