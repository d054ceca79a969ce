import { start } from './helpers.js';

import assert from 'node:assert/strict';
import { after, before, beforeEach, it } from 'node:test';

import { inTransaction } from '../src/db.js';
import { broadcast, sendThrough } from '../src/senders.js';

const message = { subject: 'Hello', body: 'World' };
let shop;
before(async () => {
  shop = await start();
});
beforeEach(() => {
  shop.sent.length = 0;
  shop.gateway.status = 202;
});
after(() => shop.stop());

it('sends mail with its text, and a short message without', async () => {
  await sendThrough({ channel: 'email', address: 'ada@example.com' }, message);
  await sendThrough({ channel: 'sms', address: '+44' }, message);
  assert.deepEqual(shop.sent, [
    { to: 'ada@example.com', subject: 'Hello', text: 'World' },
    { to: '+44', text: 'Hello' },
  ]);
});

it('reports a gateway that refuses', async () => {
  shop.gateway.status = 500;
  const result = await sendThrough({ channel: 'email', address: 'ada@example.com' }, message);
  assert.equal(result.outcome, 'failed');
});

it('reaches everybody with an announcement', async () => {
  const everybody = Array.from({ length: 25 }, (_, n) => ({
    channel: 'email',
    address: `reader${n}@example.com`,
  }));
  const outcomes = await broadcast(everybody, message);
  assert.equal(outcomes.length, 25);
  assert.equal(new Set(shop.sent.map(({ to }) => to)).size, 25);
});

it('passes on what went wrong in a transaction', async () => {
  const attempt = inTransaction(async (tx) => {
    await tx.query(
      "INSERT INTO deliveries (message_id, subject, body) VALUES ('undone', 'a', 'b')",
    );
    throw new Error('on second thoughts');
  });
  assert.rejects(attempt, /second thoughts/);
});
