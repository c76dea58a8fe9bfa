import { getTranslations } from 'next-intl/server'

/** What the summary of errors calls each field at fault, shorter than its label; none for what has no name. */
export async function fieldNames(fields: readonly string[]): Promise<Record<string, string>> {
  const t = await getTranslations('fields')
  return Object.fromEntries(
    fields.flatMap((field) => (t.has(field as 'imei1') ? [[field, t(field as 'imei1')]] : [])),
  )
}
