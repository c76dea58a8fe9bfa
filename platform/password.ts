import '#server-only'
import { hash, verify } from '@node-rs/argon2'

/** argon2id with OWASP's first recommendation (Password Storage Cheat Sheet): 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Returns a password's hash in PHC form. Composed and decomposed letters are the same password. */
export const hashPassword = (password: string): Promise<string> => hash(password.normalize('NFC'), COST)

let nobodys: Promise<string> | undefined

/**
 * Tells whether a password matches a hash. Without a hash it takes as long and returns false, so that the time does not show
 * which accounts exist.
 */
export async function isPassword(stored: string | null, password: string): Promise<boolean> {
  nobodys ??= hashPassword('nobody has this password')
  const matches = await verify(stored ?? (await nobodys), password.normalize('NFC'))
  return matches && stored !== null
}
