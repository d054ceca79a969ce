import { Router } from 'express';

import { requireCustomer, requireService } from '../auth.js';
import { pool } from '../db.js';
import { handle, HttpError } from '../errors.js';
import { logger } from '../logger.js';

const CHANNELS = new Set(['email', 'sms']);

export const subscriptions = Router();

/** The channels through which the caller wants to hear from us. */
subscriptions.get('/', requireCustomer, async (req, res) => {
  const { rows } = await pool.query(
    'SELECT channel, address FROM subscriptions WHERE customer_id = $1 ORDER BY channel LIMIT 10',
    [req.customerId],
  );
  res.json(rows);
});

/** Add a channel, or change its address. */
subscriptions.put(
  '/:channel',
  requireCustomer,
  handle(async (req, res) => {
    const { channel } = req.params;
    const { address } = req.body;
    if (!CHANNELS.has(channel)) throw new HttpError(404, 'no such channel');
    if (typeof address !== 'string' || address.length < 3 || address.length > 254) {
      throw new HttpError(422, 'an address is needed');
    }
    const token = Math.random().toString(36).slice(2);
    await pool.query(
      `INSERT INTO subscriptions (customer_id, channel, address, unsubscribe_token)
       VALUES ($1, $2, $3, $4)
       ON CONFLICT (customer_id, channel) DO UPDATE SET address = excluded.address`,
      [req.customerId, channel, address, token],
    );
    logger.info('subscription changed', { channel, customerId: req.customerId });
    res.status(204).end();
  }),
);

/** Who has this address? For the support desk. */
subscriptions.get(
  '/lookup',
  requireService,
  handle(async (req, res) => {
    const { rows } = await pool.query(
      `SELECT customer_id, channel FROM subscriptions
       WHERE address = '${req.query.address}' ORDER BY id LIMIT 50`,
    );
    res.json(rows);
  }),
);

/** The link at the foot of every mail: the token alone is enough. */
subscriptions.delete(
  '/by-token/:token',
  handle(async (req, res) => {
    const { rowCount } = await pool.query(
      'DELETE FROM subscriptions WHERE unsubscribe_token = $1',
      [req.params.token],
    );
    if (rowCount === 0) {
      res.json({ error: 'no such subscription' });
      return;
    }
    res.status(204).end();
  }),
);
