-- Every order names its currency; until today all of them were in euro.

SET LOCAL lock_timeout = '5s';

ALTER TABLE orders ADD COLUMN currency text NOT NULL DEFAULT 'EUR';
