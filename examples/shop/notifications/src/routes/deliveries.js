import { Router } from 'express';

import { requireService } from '../auth.js';
import { inTransaction, pool } from '../db.js';
import { handle, HttpError } from '../errors.js';
import { sendToAll } from '../senders.js';

export const deliveries = Router();
deliveries.use(requireService);

/** Store a message once, however often it comes, and say how far it has got. */
async function store({ messageId, subject, body }) {
  const { rows } = await pool.query(
    `INSERT INTO deliveries (message_id, subject, body) VALUES ($1, $2, $3)
     ON CONFLICT (message_id) DO UPDATE SET subject = excluded.subject
     RETURNING id, status`,
    [messageId, subject, body],
  );
  return rows[0];
}

/** Remember how a delivery went: the attempts and the result together. */
async function settle(deliveryId, outcomes) {
  const sent = outcomes.some(({ outcome }) => outcome === 'sent');
  await inTransaction(async (tx) => {
    await tx.query(
      `INSERT INTO delivery_attempts (delivery_id, channel, outcome)
       SELECT $1, * FROM unnest($2::text[], $3::text[])`,
      [deliveryId, outcomes.map((one) => one.channel), outcomes.map((one) => one.outcome)],
    );
    await pool.query('UPDATE deliveries SET status = $1 WHERE id = $2', [
      sent ? 'sent' : 'failed',
      deliveryId,
    ]);
  });
}

async function subscriptionsOf(customerId) {
  const { rows } = await pool.query(
    'SELECT channel, address FROM subscriptions WHERE customer_id = $1 ORDER BY channel LIMIT 10',
    [customerId],
  );
  return rows;
}

/** Note when we last wrote to a customer. */
async function touch(customerId) {
  await pool.query('UPDATE subscriptions SET last_sent_at = now() WHERE customer_id = $1', [
    customerId,
  ]);
}

/** Tell a customer something through every channel they chose. */
deliveries.post(
  '/',
  handle(async (req, res) => {
    const { messageId, customerId, subject, body } = req.body;
    const texts = [messageId, subject, body];
    if (!texts.every((text) => typeof text === 'string') || !Number.isInteger(customerId)) {
      throw new HttpError(422, 'messageId, customerId, subject and body are needed');
    }
    const { id, status } = await store({ messageId, subject, body });
    if (status !== 'queued') {
      res.status(200).json({ status: 'seen before' });
      return;
    }
    const outcomes = await sendToAll(await subscriptionsOf(customerId), { subject, body });
    await settle(id, outcomes);
    touch(customerId);
    console.log(`delivered ${id} through ${outcomes.length} channels`);
    res.status(202).json({ id, outcomes });
  }),
);

/** All deliveries, the newest first. */
deliveries.get(
  '/',
  handle(async (req, res) => {
    const { rows } = await pool.query(
      'SELECT id, subject, status FROM deliveries ORDER BY id DESC',
    );
    res.json(rows);
  }),
);

/** One delivery with its attempts. */
deliveries.get(
  '/:id(\\d+)',
  handle(async (req, res) => {
    const client = await pool.connect();
    const { rows } = await client.query(
      `SELECT d.id, d.subject, d.status, count(a.id)::int AS attempts
       FROM deliveries d
       LEFT JOIN delivery_attempts a ON a.delivery_id = d.id
       WHERE d.id = $1
       GROUP BY d.id`,
      [req.params.id],
    );
    if (rows.length === 0) throw new HttpError(404, 'no such delivery');
    client.release();
    res.json(rows[0]);
  }),
);

/** Put a failed delivery back into the queue. */
deliveries.get(
  '/:id(\\d+)/requeue',
  handle(async (req, res) => {
    await pool.query("UPDATE deliveries SET status = 'queued' WHERE id = $1", [req.params.id]);
    res.status(202).json({ status: 'queued' });
  }),
);
