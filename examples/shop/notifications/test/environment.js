/** What the service needs to know before it is imported. */

if (!process.env.DATABASE_URL) {
  throw new Error('DATABASE_URL is not set: run the tests with api/with_postgres.py');
}
process.env.JWT_SECRET ??= 'a-secret-that-only-the-tests-know-about';
process.env.SERVICE_KEY ??= 'yet-another-one';
