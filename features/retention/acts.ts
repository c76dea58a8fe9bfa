import '#server-only'
import { disableAgain, endSignInAgain, removePasskeyAgain } from '#features/accounts/approvals-acts.ts'
import { audit } from '#features/audit/entries/acts.ts'
import { noteErased } from '#features/audit/erasures/acts.ts'
import { findUnknownNotes, readKeptErasures } from '#features/audit/erasures/data.ts'
import {
  type Erasure,
  type ErasureKind,
  isProtection,
  type ProtectionKind,
} from '#features/audit/erasures/rules.ts'
import { removeEvidenceFiles } from '#features/evidence/files/acts.ts'
import { revokeKeyAgain } from '#features/exchange/keys/acts.ts'
import { revokeKioskAgain } from '#features/kiosks/acts.ts'
import { eraseRegistrant } from '#features/phones/registrants/acts.ts'
import { erasePhones } from '#features/phones/registrations/acts.ts'
import { eraseTrusted } from '#features/phones/trusted/acts.ts'
import { eraseCase, eraseEvidence } from '#features/privacy/erasure/acts.ts'
import { readLegalHold } from '#features/privacy/legal-holds/data.ts'
import { endConsentAgain } from '#features/privacy/requests/acts.ts'
import { requireReviewAgain } from '#features/ratings/comments/acts.ts'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { log } from '#platform/log.ts'
import { inScope } from '#platform/scope.ts'
import { findCasesLeft } from './data.ts'

interface Run {
  again: number
  failed: number
  readonly waiting: Set<string>
  readonly closed: Partial<Record<ProtectionKind, number>>
}

const BATCH = 500

/**
 * Repeats the erasures in the signed files since an instant (or all) that the database does not have, as after a restore from an
 * older backup. Also repeats revocations that protect people. Safe to run twice.
 */
export async function eraseAgain(since: Date | null, now: Instant) {
  const unsigned: string[] = []
  const run: Run = { again: 0, failed: 0, waiting: new Set(), closed: {} }
  for await (const { file, erasures } of readKeptErasures(since)) {
    if (erasures === null) unsigned.push(file)
    for (const batch of batchesOf(erasures ?? [])) {
      await closeAgain(batch, run, now)
      await eraseBatch(batch, run, now)
    }
  }
  return { ...run, waiting: [...run.waiting], unsigned }
}

/** Runs one erasure. A failure is logged and does not stop the others. */
async function attempt(
  run: Run,
  what: { readonly kind: Erasure['kind']; readonly id?: string },
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work()
  } catch (err) {
    run.failed++
    log().error({ err, ...what }, 'could not be erased or closed again')
  }
}

async function eraseBatch(batch: readonly Erasure[], run: Run, now: Instant): Promise<void> {
  const of = (...kinds: readonly ErasureKind[]) =>
    batch.filter(({ kind }) => kinds.some((one) => one === kind)).map(({ subjectId }) => subjectId)
  const asked = new Set(of('case_asked'))
  for (const id of await findCasesLeft([...of('case'), ...asked], { files: false }))
    await attempt(run, { kind: 'case', id }, async () => {
      if ((await eraseCase(id, asked.has(id) ? 'asked' : 'retention', now)).ok) run.again++
      else run.waiting.add(id)
    })
  for (const id of await findCasesLeft(of('case_files'), { files: true }))
    await attempt(run, { kind: 'case_files', id }, async () => {
      if ((await eraseEvidence(id, now)).ok) run.again++
    })
  await attempt(run, { kind: 'evidence' }, async () => {
    run.again += await eraseFiles(of('evidence'), now)
  })
  await attempt(run, { kind: 'identity' }, async () => {
    run.again += await eraseIdentities(of('identity'), now)
  })
  await attempt(run, { kind: 'registration' }, async () => {
    run.again += await eraseRegistered(of('registrant'), of('registration'), of('trusted'), now)
  })
}

const CLOSE: Readonly<Record<ProtectionKind, (tx: Tx, id: string, now: Instant) => Promise<boolean>>> = {
  account: disableAgain,
  sign_in: endSignInAgain,
  passkey: removePasskeyAgain,
  carrier_key: revokeKeyAgain,
  comment: requireReviewAgain,
  kiosk: revokeKioskAgain,
  legal_hold: keepLegalHoldAgain,
  consent: endConsentAgain,
}

/** Returns whether a case is kept because its legal hold is lost. Only two people, with a letter, can place the hold again. */
async function keepLegalHoldAgain(tx: Tx, caseId: string): Promise<boolean> {
  const { isLost } = await readLegalHold(caseId, tx)
  if (isLost) log().warn({ caseId }, 'a legal hold was lost: the case is kept until the hold is placed anew')
  return isLost
}

/**
 * Repeats each protection once, and only those that this database does not know: an account that was disabled and later enabled
 * here stays enabled.
 */
async function closeAgain(batch: readonly Erasure[], run: Run, now: Instant): Promise<void> {
  const notes = batch.filter(({ kind }) => isProtection(kind))
  if (notes.length === 0) return
  for (const { kind, subjectId, at } of await findUnknownNotes(notes)) {
    if (!isProtection(kind)) continue
    await attempt(run, { kind, id: subjectId }, async () => {
      const done = await inScope(systemScope(), () =>
        transaction(async (tx) => {
          await noteErased(tx, kind, [subjectId], at)
          return CLOSE[kind](tx, subjectId, now)
        }),
      )
      if (done) run.closed[kind] = (run.closed[kind] ?? 0) + 1
    })
  }
}

const SYSTEM = { actor: { kind: 'system' } } as const

/** Erases single files, in any state of their case: its person removed them, or they were erased with the case. */
async function eraseFiles(ids: readonly string[], now: Instant): Promise<number> {
  const files = await inScope(systemScope(), () =>
    transaction(async (tx) => {
      const taken = await tx.$queryRaw<{ id: string; caseId: string }[]>`
        DELETE FROM evidence WHERE id = ANY (${[...ids]}::uuid[]) RETURNING id, case_id AS "caseId"`
      for (const { id, caseId } of taken)
        await audit(tx, {
          ...SYSTEM,
          act: 'evidence.remove',
          subject: { kind: 'evidence', id },
          caseId,
          at: now,
        })
      const gone = taken.map(({ id }) => id)
      await noteErased(tx, 'evidence', gone, now)
      return gone
    }),
  )
  await removeEvidenceFiles(files)
  return files.length
}

async function eraseIdentities(ids: readonly string[], now: Instant): Promise<number> {
  return inScope(systemScope(), () =>
    transaction(async (tx) => {
      const taken = await tx.$queryRaw<{ id: string }[]>`
        DELETE FROM identities WHERE id = ANY (${[...ids]}::uuid[]) RETURNING id`
      const gone = taken.map(({ id }) => id)
      for (const id of gone)
        await audit(tx, { ...SYSTEM, act: 'identity.forget', subject: { kind: 'identity', id }, at: now })
      await noteErased(tx, 'identity', gone, now)
      return gone.length
    }),
  )
}

async function eraseRegistered(
  registrants: readonly string[],
  phones: readonly string[],
  trusted: readonly string[],
  now: Instant,
): Promise<number> {
  const done = await inScope(systemScope(), () =>
    transaction(async (tx) => {
      const there = await findPhonesLeft(tx, registrants, phones, trusted)
      const files = await erasePhones(tx, there.phones, now)
      await eraseTrusted(tx, there.trusted, now)
      for (const id of there.registrants) files.push(...(await eraseRegistrant(tx, id, now)))
      return { files, again: there.phones.length + there.trusted.length + there.registrants.length }
    }),
  )
  await removeEvidenceFiles(done.files)
  return done.again
}

async function findPhonesLeft(
  tx: Tx,
  registrants: readonly string[],
  phones: readonly string[],
  trusted: readonly string[],
) {
  const of = (ids: readonly string[]) => ({ where: { id: { in: [...ids] } }, select: { id: true } })
  const [lists, single, people] = [
    await tx.registrant.findMany(of(registrants)),
    await tx.registeredPhone.findMany(of(phones)),
    await tx.trustedPerson.findMany(of(trusted)),
  ]
  const idsOf = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id)
  return { registrants: idsOf(lists), phones: idsOf(single), trusted: idsOf(people) }
}

function batchesOf<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / BATCH) }, (_, at) =>
    all.slice(at * BATCH, (at + 1) * BATCH),
  )
}
