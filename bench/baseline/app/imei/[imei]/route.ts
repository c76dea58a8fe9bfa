import { pool } from '../../database.ts'

export const dynamic = 'force-dynamic'

/** Runs one indexed SELECT of one row, as a prepared statement, and nothing else. */
export async function GET(_request: Request, { params }: { params: Promise<{ imei: string }> }) {
  const { imei } = await params
  const { rows } = await pool.query({
    name: 'imei',
    text: 'SELECT imei FROM case_imeis WHERE key14 = $1 AND is_public LIMIT 1',
    values: [imei.slice(0, 14)],
  })
  return Response.json({ imei, reported: rows.length > 0 })
}
