import '#server-only'
import { hash, verify } from '@node-rs/argon2'

/** argon2id at OWASP's first recommendation (Password Storage Cheat Sheet): 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Returns a password's hash in PHC form. Composed and decomposed letters are one password. */
export const hashPassword = (password: string): Promise<string> => hash(password.normalize('NFC'), COST)

let nobodys: Promise<string> | undefined

/**
 * Tells whether a password is the one that was hashed. Without a hash it works as long and answers no, so that the time
 * of an answer does not tell which accounts exist.
 */
export async function isPassword(stored: string | null, password: string): Promise<boolean> {
  nobodys ??= hashPassword('nobody has this password')
  const matches = await verify(stored ?? (await nobodys), password.normalize('NFC'))
  return matches && stored !== null
}
