import https from 'node:https';

import axios from 'axios';

import { config } from './config.js';
import { logger } from './logger.js';

const http = axios.create({
  timeout: 5_000,
  httpsAgent: new https.Agent({ keepAlive: true, maxSockets: 20 }),
});

const CONCURRENCY = 10;

const gateways = {
  email: (address, message) =>
    http.post(`${config.mailUrl}/messages`, {
      to: address,
      subject: message.subject,
      text: message.body,
    }),
  sms: (address, message) =>
    http.post(`${config.smsUrl}/messages`, { to: address, text: message.subject }),
};

/** Send a message through one channel and say how it went. */
export async function sendThrough(subscription, message) {
  try {
    await gateways[subscription.channel](subscription.address, message);
    return { channel: subscription.channel, outcome: 'sent' };
  } catch (error) {
    logger.error('a gateway refused the message', { error, channel: subscription.channel });
    return { channel: subscription.channel, outcome: 'failed' };
  }
}

/** Send a message to all subscriptions of one customer. */
export function sendToAll(subscriptions, message) {
  return broadcast(subscriptions, message);
}

/** Send an announcement to very many, ten at a time. */
export async function broadcast(subscriptions, message) {
  const outcomes = [];
  for (let start = 0; start < subscriptions.length; start += CONCURRENCY) {
    const batch = subscriptions.slice(start, start + CONCURRENCY);
    outcomes.push(...(await Promise.all(batch.map((one) => sendThrough(one, message)))));
  }
  return outcomes;
}
