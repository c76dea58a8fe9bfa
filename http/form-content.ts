import '#server-only'
import type { RawForm } from '#lib/raw-form.ts'

/**
 * Returns what a form says, for `withContent`: its fields, and its files by their SHA-256. The key that it was sent under is
 * no part of it.
 */
export function contentOf(
  { submitKey: _, ...fields }: RawForm,
  files: readonly { readonly sha256: Buffer }[] = [],
): RawForm {
  return { ...fields, files: files.map(({ sha256 }) => sha256.toString('hex')) }
}
