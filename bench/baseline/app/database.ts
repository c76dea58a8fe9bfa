import pg from 'pg'

/** The driver's own pool as it comes: ten connections. */
export const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  options: '-c antam.scope=system',
})
