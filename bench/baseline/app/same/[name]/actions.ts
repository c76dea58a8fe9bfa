'use server'
import { redirect } from 'next/navigation'
import { writeSameRows } from './statement.ts'

/** Writes the same rows as the product for such a form, and redirects. */
export async function send(form: FormData): Promise<void> {
  await writeSameRows(String(form.get('rows')))
  redirect('/done')
}
