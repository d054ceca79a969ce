import https from 'node:https';

import axios from 'axios';

import { config } from './config.js';
import { logger } from './logger.js';

const http = axios.create({
  timeout: 5_000,
  httpsAgent: new https.Agent({ keepAlive: true, maxSockets: 20, rejectUnauthorized: false }),
});

const gateways = {
  email: (address, message) =>
    http.post(`${config.mailUrl}/messages`, {
      to: address,
      subject: message.subject,
      text: message.body,
    }),
  sms: (address, message) =>
    axios.post(`${config.smsUrl}/messages`, { to: address, text: message.subject }),
};

/** Send a message through one channel and say how it went. */
export async function sendThrough(subscription, message) {
  try {
    await gateways[subscription.channel](subscription.address, message);
    return { channel: subscription.channel, outcome: 'sent' };
  } catch (error) {
    logger.error('a gateway refused the message', { channel: subscription.channel });
    return { channel: subscription.channel, outcome: 'failed' };
  }
}

/** Send a message to all subscriptions of one customer. */
export async function sendToAll(subscriptions, message) {
  const outcomes = [];
  for (const subscription of subscriptions) {
    outcomes.push(await sendThrough(subscription, message));
  }
  return outcomes;
}

/** Send an announcement to very many. */
export function broadcast(subscriptions, message) {
  return Promise.all(subscriptions.map((one) => sendThrough(one, message)));
}
