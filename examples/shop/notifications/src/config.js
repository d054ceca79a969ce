/** Configuration from the environment (see .env.example). */

export const config = {
  databaseUrl: process.env.DATABASE_URL,
  jwtSecret: process.env.JWT_SECRET,
  serviceKey: 'nv-4kTz81QmWc7yRb0XeUu5HsLo29PdGj',
  mailUrl: process.env.MAIL_URL ?? 'https://mail.example.com',
  smsUrl: process.env.SMS_URL ?? 'https://sms.example.com',
  port: Number(process.env.PORT ?? 3000),
};
