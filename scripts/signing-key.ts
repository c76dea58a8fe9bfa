import { LOG_NAME } from '#features/audit/sealing/rules.ts'
import { writeVerifier } from '#lib/transparency/note.ts'
import { readEnv } from '#platform/env.ts'
import { ed25519, sha256 } from '#platform/signatures.ts'

/** Returns the line with the public key of a seed, which verifies signatures under the log's name. */
export const verifierOf = (seed: Uint8Array, name = LOG_NAME): string =>
  writeVerifier(sha256, { name, publicKey: ed25519(seed).publicKey })

/** Replaces the key that signs the audit log by its public half: a web server signs nothing. */
export function withoutSigningKey(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { ANTAM_AUDIT_KEY: seed, ANTAM_AUDIT_PUBLIC_KEY: known, AUDIT_ORIGIN } = readEnv(env)
  if (seed) env.ANTAM_AUDIT_PUBLIC_KEY = known ?? verifierOf(seed, AUDIT_ORIGIN)
  delete env.ANTAM_AUDIT_KEY
  delete env.ANTAM_AUDIT_KEY_FILE
  delete env.ANTAM_AUDIT_KEY_ALSO
  delete env.ANTAM_AUDIT_KEY_ALSO_FILE
  return env
}
