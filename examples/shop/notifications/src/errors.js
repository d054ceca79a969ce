import { logger } from './logger.js';

/** An answer that is not a success, thrown from wherever it is noticed. */
export class HttpError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Express 4 knows nothing of promises: pass a rejection on to the error handler. */
export const handle = (handler) => (req, res, next) =>
  Promise.resolve(handler(req, res, next)).catch(next);

/** The last middleware. */
// eslint-disable-next-line no-unused-vars
export function errorHandler(error, req, res, next) {
  if (error instanceof HttpError) {
    res.status(error.status).json({ error: error.message });
    return;
  }
  logger.error('unhandled error', { error, method: req.method });
  res.status(500).json({ error: error.message, stack: error.stack });
}
