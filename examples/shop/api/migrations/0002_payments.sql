-- Payments, refunds, coupons, and what the payment provider tells us.

CREATE TABLE payments (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id     bigint NOT NULL REFERENCES orders (id),
    provider_ref text NOT NULL UNIQUE,
    amount       numeric(12, 2) NOT NULL,
    captured_at  timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX payments_order_idx ON payments (order_id);

CREATE TABLE refunds (
    id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id    bigint NOT NULL UNIQUE REFERENCES orders (id),
    amount      double precision NOT NULL,
    reason      text NOT NULL,
    refunded_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE coupons (
    code       text PRIMARY KEY,
    amount_off numeric(12, 2) NOT NULL,
    max_uses   integer NOT NULL,
    uses       integer NOT NULL DEFAULT 0
);

CREATE TABLE webhook_events (
    id          text PRIMARY KEY,
    kind        text NOT NULL,
    received_at timestamp NOT NULL DEFAULT now()
);

CREATE TABLE password_resets (
    token_digest text PRIMARY KEY,
    customer_id  bigint NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    expires_at   timestamptz NOT NULL
);

CREATE INDEX password_resets_customer_idx ON password_resets (customer_id);
