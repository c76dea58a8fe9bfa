import { randomUUID } from 'node:crypto'
import { signInCitizen } from '#features/citizens/acts.ts'
import { findCitizen, type SignedInCitizen } from '#features/citizens/data.ts'
import type { KnownPerson } from '#features/citizens/rules.ts'
import { must } from '#tests/must.ts'

export const ISSUER = 'https://identity.example.vn'

export interface SignInOptions {
  readonly subject?: string
  readonly attempt?: string
  readonly known?: KnownPerson
  readonly before?: string
  readonly now?: Date
}

/** Signs a citizen in, as if the provider had just redirected them back. Returns the session token. */
export async function makeSession(options: SignInOptions = {}): Promise<string> {
  const { subject = randomUUID(), attempt = randomUUID(), known = {}, before, now = new Date() } = options
  return must(await signInCitizen({ issuer: ISSUER, subject, attempt, known, before }, now))
}

export async function makeCitizen(options: SignInOptions = {}): Promise<SignedInCitizen> {
  const citizen = await findCitizen(await makeSession(options), options.now ?? new Date())
  if (!citizen) throw new Error('the session has ended')
  return citizen
}
