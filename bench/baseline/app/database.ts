import pg from 'pg'

/** The driver's pool with its defaults: ten connections. */
export const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  options: '-c antam.scope=system',
})
