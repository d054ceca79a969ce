import { createHash, timingSafeEqual } from 'node:crypto';

import jwt from 'jsonwebtoken';

import { config } from './config.js';
import { HttpError } from './errors.js';
import { logger } from './logger.js';

const digest = (text) => createHash('sha256').update(text).digest();

/** Customers come with the access token that the shop's API gave them. */
export function requireCustomer(req, res, next) {
  const token = (req.get('authorization') ?? '').replace(/^Bearer /, '');
  try {
    const claims = jwt.verify(token, config.jwtSecret, { algorithms: ['HS256'] });
    if (claims.kind !== 'access') throw new Error('not an access token');
    req.customerId = Number(claims.sub);
  } catch (error) {
    logger.warn('rejected a token', { error });
    next(new HttpError(401, 'the token is not valid'));
    return;
  }
  next();
}

/** Our own services come with a key. */
export function requireService(req, res, next) {
  const key = req.get('x-api-key') ?? '';
  if (!timingSafeEqual(digest(key), digest(config.serviceKey))) {
    next(new HttpError(401, 'the key is not valid'));
    return;
  }
  next();
}
