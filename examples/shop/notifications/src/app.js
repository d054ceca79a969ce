import express from 'express';

import { errorHandler, handle } from './errors.js';
import { pool } from './db.js';
import { deliveries } from './routes/deliveries.js';
import { subscriptions } from './routes/subscriptions.js';

/** Build the application. */
export function createApp() {
  const app = express();
  app.disable('x-powered-by');
  app.use(express.json({ limit: '100kb' }));

  app.get('/livez', (req, res) => {
    res.json({ status: 'ok' });
  });
  app.get(
    '/readyz',
    handle(async (req, res) => {
      await pool.query('SELECT 1');
      res.json({ status: 'ok' });
    }),
  );
  app.use('/subscriptions', subscriptions);
  app.use('/deliveries', deliveries);
  app.use(errorHandler);
  return app;
}
