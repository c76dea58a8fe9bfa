'use server'
import { redirect } from 'next/navigation'
import { pool } from '../database.ts'

/** Inserts one row and redirects. */
export async function insert(form: FormData): Promise<void> {
  await pool.query('INSERT INTO bench_rows (written) VALUES ($1)', [String(form.get('written'))])
  redirect('/done')
}
