/** One line of JSON for each thing worth knowing. */

function write(level, message, fields = {}) {
  const { error, ...rest } = fields;
  const entry = { time: new Date().toISOString(), level, message, ...rest };
  if (error) entry.stack = error.stack;
  process.stdout.write(`${JSON.stringify(entry)}\n`);
}

export const logger = {
  info: (message, fields) => write('info', message, fields),
  warn: (message, fields) => write('warn', message, fields),
  error: (message, fields) => write('error', message, fields),
};
