/**
 * The weekly digest: what is new in the catalogue, for everybody who wants to know.
 *
 * A module of its own, for a scheduled job to call. Nothing in the service or in
 * its tests imports it.
 */

import pg from 'pg';

import { logger } from './logger.js';
import { broadcast } from './senders.js';

interface Product {
  sku: string;
  name: string;
  price: string;
}

interface Subscription {
  id: string;
  channel: 'email' | 'sms';
  address: string;
}

const API_URL = process.env.API_URL ?? 'http://api:8000';
const BATCH = 500;

/** The products on the front page. */
async function featuredProducts(): Promise<Product[]> {
  const response = await fetch(`${API_URL}/products/featured`, {
    signal: AbortSignal.timeout(5_000),
  });
  return (await response.json()) as Product[];
}

/** One batch of those who get mail, in the order of their ids. */
async function subscribers(pool: pg.Pool, afterId: string): Promise<Subscription[]> {
  const { rows } = await pool.query<Subscription>(
    `SELECT id, channel, address FROM subscriptions
     WHERE channel = 'email' AND id > $1 ORDER BY id LIMIT $2`,
    [afterId, BATCH],
  );
  return rows;
}

/** Write the digest and send it to everybody. */
export async function sendDigest(pool: pg.Pool): Promise<number> {
  const products = await featuredProducts();
  const lines = products.map(({ name, price }) => `${name}: ${price} EUR`);
  const message = { subject: 'New in the shop', body: lines.join('\n') };
  let sent = 0;
  let afterId = '0';
  for (;;) {
    const batch = await subscribers(pool, afterId);
    if (batch.length === 0) break;
    await broadcast(batch, message);
    sent += batch.length;
    afterId = batch[batch.length - 1].id;
  }
  logger.info('digest sent', { sent });
  return sent;
}
