import '#server-only'
import type { RawForm } from '#lib/raw-form.ts'

/** Returns a form's content for `withContent`: its fields and the SHA-256 of its files, without its idempotency key. */
export function contentOf(
  { submitKey: _, ...fields }: RawForm,
  files: readonly { readonly sha256: Buffer }[] = [],
): RawForm {
  return { ...fields, files: files.map(({ sha256 }) => sha256.toString('hex')) }
}
