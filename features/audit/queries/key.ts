import '#server-only'
import { readVerifier, type Verifier, writeVerifier } from '#lib/transparency/note.ts'
import { env } from '#platform/env.ts'
import { ed25519, sha256 } from '#platform/signatures.ts'
import { LOG_NAME } from '../rules/log.ts'

/**
 * Returns whose signatures the log's checkpoints have, as one line: public, and written down by people who check them.
 */
export function verifierLine(): string {
  const { ANTAM_AUDIT_PUBLIC_KEY, ANTAM_AUDIT_KEY } = env()
  if (ANTAM_AUDIT_PUBLIC_KEY) return ANTAM_AUDIT_PUBLIC_KEY
  if (!ANTAM_AUDIT_KEY) throw new Error('neither half of the audit key is set')
  return writeVerifier(sha256, { name: LOG_NAME, publicKey: ed25519(ANTAM_AUDIT_KEY).publicKey })
}

export async function logVerifier(): Promise<Verifier> {
  const verifier = await readVerifier(sha256, verifierLine())
  if (!verifier) throw new Error('ANTAM_AUDIT_PUBLIC_KEY is not right')
  return verifier
}
