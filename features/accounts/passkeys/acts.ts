import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { noteErased } from '#features/audit/erasures/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, type Instant } from '#lib/time.ts'
import { keyedHash } from '#platform/crypto.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import {
  arePasskeysPossible,
  askForPasskey,
  askToSign,
  challengeOf,
  signerOf,
  verifiedPasskey,
  verifiedSignature,
} from '#platform/passkeys.ts'
import { tellOwner } from '../preferences/acts.ts'
import {
  type AskedChallenge,
  countPasskeys,
  findPasskey,
  insertChallenge,
  isChallengeAsked,
  listKnownPasskeys,
  lockPasskeys,
  requiresPasskey,
  takeChallenge,
} from './data.ts'
import { CHALLENGE_LIFE, MOST_PASSKEYS, PASSKEY_NAME_MAX } from './rules.ts'

type Bytes = Uint8Array<ArrayBuffer>

const hashOf = (challenge: string): Bytes => keyedHash('passkey-challenge', challenge)
const sessionHashOf = (token: string): Bytes => keyedHash('staff-session', token)

const ask = (challenge: string, asked: AskedChallenge, now: Instant): Promise<void> =>
  insertChallenge(hashOf(challenge), asked, addMilliseconds(now, CHALLENGE_LIFE))

/** Begins the registration of a passkey, after a fresh step-up. Only this session can finish it, once and within minutes. */
export async function beginPasskey(
  actor: StaffActor & { readonly email: string },
  token: string,
  name: string,
  now: Instant,
): Promise<
  Result<Awaited<ReturnType<typeof askForPasskey>>, 'impossible' | 'too_many' | 'missing' | 'too_large'>
> {
  if (!arePasskeysPossible()) return err('impossible')
  const called = name.trim()
  if (called === '') return err('missing')
  if ([...called].length > PASSKEY_NAME_MAX) return err('too_large')
  const known = await listKnownPasskeys(actor.id)
  if (known.length >= MOST_PASSKEYS) return err('too_many')
  const handle = handleOf(actor.id)
  const asked = await askForPasskey({ handle, email: actor.email, name: actor.name }, known)
  const sessionHash = sessionHashOf(token)
  await ask(asked.challenge, { purpose: 'register', sessionHash, name: called }, now)
  return ok(asked)
}

/** Returns the user handle that a device stores with a passkey: the account's id, which is random. */
const handleOf = (accountId: string) => Uint8Array.from(Buffer.from(accountId.replaceAll('-', ''), 'hex'))

type FinishRefusal = 'refused' | 'too_many'

/** Registers the passkey that a device made and mails its owner. `submitKey`: the same form sent again succeeds. */
export async function finishPasskey(
  actor: StaffActor,
  token: string,
  answer: unknown,
  now: Instant,
  submitKey: string,
): Promise<Result<null, FinishRefusal>> {
  const challenge = challengeOf(answer)
  const made = challenge === null ? null : await verifiedPasskey(answer, challenge)
  const act = `account.add_passkey:${actor.id}`
  const done = await actOnce<boolean, FinishRefusal>(submitKey, act, now, async (tx) => {
    if (challenge === null || made === null) return err('refused')
    const of = { purpose: 'register', sessionHash: sessionHashOf(token) } as const
    const taken = await takeChallenge(tx, hashOf(challenge), of, now)
    if (taken?.name == null) return err('refused')
    await lockPasskeys(tx, actor.id)
    if ((await countPasskeys(actor.id, tx)) >= MOST_PASSKEYS) return err('too_many')
    const row = { ...made, accountId: actor.id, name: taken.name, createdAt: now }
    const { count } = await tx.passkey.createMany({ data: [row], skipDuplicates: true })
    if (count === 0) return err('refused')
    const { backedUp, syncable } = made
    const subject = { kind: 'account', id: actor.id } as const
    await audit(tx, { actor, act: 'account.add_passkey', subject, facts: { backedUp, syncable }, at: now })
    await tellOwner(tx, actor.id, 'passkey_added')
    return ok(true)
  })
  return done.ok ? ok(null) : done
}

/** Removes one of one's own passkeys. If the role requires one, the last stays until another is registered. */
export async function removePasskey(
  actor: StaffActor,
  id: string,
  now: Instant,
): Promise<Result<null, 'last'>> {
  return transaction(async (tx) => {
    await lockPasskeys(tx, actor.id)
    if (requiresPasskey(actor.role) && (await countPasskeys(actor.id, tx)) === 1) return err('last')
    const { count } = await tx.passkey.deleteMany({ where: { id, accountId: actor.id } })
    if (count === 0) return ok(null)
    const subject = { kind: 'account', id: actor.id } as const
    await audit(tx, { actor, act: 'account.remove_passkey', subject, at: now })
    await noteErased(tx, 'passkey', [id], now)
    await tellOwner(tx, actor.id, 'passkey_removed')
    return ok(null)
  })
}

/** Returns a fresh challenge for sign-in by passkey. It lists no passkeys, so that it does not reveal who has one. */
export async function askSignIn(now: Instant) {
  if (!arePasskeysPossible()) return null
  const asked = await askToSign()
  await ask(asked.challenge, { purpose: 'sign_in' }, now)
  return asked
}

export async function askStepUp(actor: StaffActor, token: string, now: Instant) {
  const known = arePasskeysPossible() ? await listKnownPasskeys(actor.id) : []
  if (known.length === 0) return null
  const asked = await askToSign(known)
  await ask(asked.challenge, { purpose: 'step_up', sessionHash: sessionHashOf(token) }, now)
  return asked
}

export interface ShownPasskey {
  readonly kind: 'passkey'
  readonly passkeyId: string
  readonly challengeHash: Bytes
  readonly asked: { readonly purpose: 'sign_in' | 'step_up'; readonly sessionHash: Bytes | null }
  readonly counter: bigint
  readonly backedUp: boolean
}

/** Returns the passkey and account behind a verified answer, or null. It is not used before {@link spendPasskey}. */
export async function readPasskey(
  answer: unknown,
  asked: ShownPasskey['asked'],
  now: Instant,
): Promise<{ readonly shown: ShownPasskey; readonly accountId: string; readonly email: string } | null> {
  const challenge = challengeOf(answer)
  const signer = signerOf(answer)
  if (challenge === null || signer === null) return null
  const challengeHash = hashOf(challenge)
  if (!(await isChallengeAsked(challengeHash, asked, now))) return null
  const passkey = await findPasskey(signer.credentialId)
  if (passkey === null) return null
  // Without a typed address, the device has to name the account (WebAuthn, 7.2, step 6).
  const handle = handleOf(passkey.accountId)
  const names =
    signer.userHandle === null ? asked.purpose === 'step_up' : Buffer.from(signer.userHandle).equals(handle)
  if (!names) return null
  const signed = await verifiedSignature(answer, challenge, passkey)
  if (signed === null) return null
  return {
    shown: { kind: 'passkey', passkeyId: passkey.id, challengeHash, asked, ...signed },
    accountId: passkey.accountId,
    email: passkey.account.email,
  }
}

/** Marks a passkey's answer as used; false if it was, or if its counter does not grow. Devices without a counter send 0. */
export async function spendPasskey(tx: Tx, shown: ShownPasskey, now: Instant): Promise<boolean> {
  if ((await takeChallenge(tx, shown.challengeHash, shown.asked, now)) === null) return false
  const { passkeyId: id, counter, backedUp } = shown
  const { count } = await tx.passkey.updateMany({
    where: { id, counter: counter === 0n ? 0n : { lt: counter }, account: { active: true } },
    data: { counter, backedUp, lastUsedAt: now },
  })
  return count === 1
}
