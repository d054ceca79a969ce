import { once } from 'node:events';
import { createServer } from 'node:http';

import jwt from 'jsonwebtoken';

import { createApp } from '../src/app.js';
import { config } from '../src/config.js';
import { pool } from '../src/db.js';

/** Listen on a free port and return the address. */
async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${server.address().port}`;
}

/** Start the service and a gateway that remembers what it was asked to send. */
export async function start() {
  if (!config.databaseUrl) {
    throw new Error('DATABASE_URL is not set: run the tests with api/with_postgres.py');
  }
  const { mailUrl, smsUrl } = config;
  const sent = [];
  const gateway = createServer(async (req, res) => {
    const chunks = await req.toArray();
    sent.push(JSON.parse(Buffer.concat(chunks)));
    res.statusCode = gateway.status;
    res.end('{}');
  });
  gateway.status = 202;
  config.mailUrl = config.smsUrl = await listen(gateway);

  const service = createServer(createApp());
  const url = await listen(service);

  const stop = async () => {
    Object.assign(config, { mailUrl, smsUrl });
    service.close();
    service.closeAllConnections();
    gateway.close();
    gateway.closeAllConnections();
    await pool.end();
  };
  return { url, sent, gateway, stop };
}

/** Empty the tables and put one customer into them. */
export async function reset() {
  await pool.query('TRUNCATE customers, deliveries RESTART IDENTITY CASCADE');
  await pool.query(
    "INSERT INTO customers (email, password_hash, display_name) VALUES ('ada@example.com', '', 'Ada')",
  );
}

/** The headers of customer number one. */
export function customer() {
  const claims = { sub: '1', kind: 'access' };
  const token = jwt.sign(claims, config.jwtSecret, { algorithm: 'HS256', expiresIn: '5m' });
  return { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
}

/** The headers of the shop's API. */
export function service() {
  return { 'x-api-key': config.serviceKey, 'content-type': 'application/json' };
}
