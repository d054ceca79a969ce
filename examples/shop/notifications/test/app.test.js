import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { customer, reset, service, start } from './helpers.js';

let shop;
before(async () => {
  shop = await start();
});
beforeEach(async () => {
  shop.sent.length = 0;
  shop.gateway.status = 202;
  await reset();
});
after(() => shop.stop());

const call = (method, path, headers, body) =>
  fetch(`${shop.url}${path}`, { method, headers, body: body && JSON.stringify(body) });

const subscribe = (channel, address) =>
  call('PUT', `/subscriptions/${channel}`, customer(), { address });

const message = { messageId: 'm-1', customerId: 1, subject: 'Hello', body: 'Order 7' };

describe('subscriptions', () => {
  it('remembers the address of a channel', async () => {
    assert.equal((await subscribe('email', 'ada@example.com')).status, 204);
    assert.equal((await subscribe('email', 'countess@example.com')).status, 204);
    const answer = await call('GET', '/subscriptions', customer());
    assert.deepEqual(await answer.json(), [
      { channel: 'email', address: 'countess@example.com' },
    ]);
  });

  it('knows two channels', async () => {
    assert.equal((await subscribe('pigeon', 'roof')).status, 404);
  });

  it('wants a token', async () => {
    const answer = await call('GET', '/subscriptions', {});
    assert.equal(answer.status, 401);
  });

  it('finds who has an address', async () => {
    await subscribe('email', 'ada@example.com');
    const answer = await call('GET', '/subscriptions/lookup?address=ada@example.com', service());
    assert.deepEqual(await answer.json(), [{ customer_id: '1', channel: 'email' }]);
  });

  it('ends with the token from the mail', async () => {
    const answer = await call('DELETE', '/subscriptions/by-token/unknown', {});
    assert.deepEqual(await answer.json(), { error: 'no such subscription' });
  });
});

describe('deliveries', () => {
  it('reach every channel of the customer', async () => {
    await subscribe('email', 'ada@example.com');
    await subscribe('sms', '+44 20 7946 0000');
    const answer = await call('POST', '/deliveries', service(), message);
    assert.equal(answer.status, 202);
    const addresses = shop.sent.map(({ to }) => to).sort();
    assert.deepEqual(addresses, ['+44 20 7946 0000', 'ada@example.com']);
  });

  it('happen once for each message id', async () => {
    await call('POST', '/deliveries', service(), message);
    const again = await call('POST', '/deliveries', service(), message);
    assert.deepEqual(await again.json(), { status: 'seen before' });
  });

  it('keep a record of what failed', async () => {
    await subscribe('email', 'ada@example.com');
    shop.gateway.status = 500;
    const { id } = await (await call('POST', '/deliveries', service(), message)).json();
    await new Promise((resolve) => setTimeout(resolve, 200));
    const delivery = await (await call('GET', `/deliveries/${id}`, service())).json();
    assert.equal(delivery.status, 'failed');
    assert.equal(delivery.attempts, 1);
  });

  it('can be put back into the queue', async () => {
    await call('POST', '/deliveries', service(), message);
    const answer = await call('GET', '/deliveries/1/requeue', service());
    assert.equal(answer.status, 202);
    const [newest] = await (await call('GET', '/deliveries', service())).json();
    assert.equal(newest.status, 'queued');
  });

  it('are for our own services', async () => {
    const answer = await call('POST', '/deliveries', { 'x-api-key': 'guess' }, message);
    assert.equal(answer.status, 401);
  });

  it('need a complete message', async () => {
    await call('POST', '/deliveries', service(), { subject: 'Hello' });
  });
});
