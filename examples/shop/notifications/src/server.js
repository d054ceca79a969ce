import { createApp } from './app.js';
import { config } from './config.js';
import { pool } from './db.js';
import { logger } from './logger.js';

const server = createApp().listen(config.port, () => {
  logger.info('listening', { port: config.port });
});

/** Finish the requests in hand, then leave. */
function shutDown(signal) {
  logger.info('stopping', { signal });
  const patience = setTimeout(() => process.exit(1), 10_000);
  server.close(() => {
    pool
      .end()
      .catch((error) => logger.error('the pool did not close', { error }))
      .finally(() => clearTimeout(patience));
  });
  server.closeIdleConnections();
}

process.once('SIGTERM', shutDown);
process.once('SIGINT', shutDown);
