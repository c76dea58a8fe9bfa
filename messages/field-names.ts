import { getTranslations } from 'next-intl/server'

/**
 * Returns the names of faulty fields for the summary of errors, which are shorter than their labels. A field without a name is
 * left out.
 */
export async function fieldNames(fields: readonly string[]): Promise<Record<string, string>> {
  const t = await getTranslations('fields')
  return Object.fromEntries(
    fields.flatMap((field) => (t.has(field as 'imei1') ? [[field, t(field as 'imei1')]] : [])),
  )
}
