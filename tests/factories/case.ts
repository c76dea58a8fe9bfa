import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { type CaseMove, moveCase } from '#features/cases/moves/acts.ts'
import type { Move } from '#features/cases/moves/rules.ts'
import { newCaseNumber } from '#features/cases/numbers/rules.ts'
import type { Particulars, ReportedParticulars } from '#features/cases/particulars/rules.ts'
import { type GivenCheck, imeiChecksOf, restsOnProof } from '#features/cases/proof/rules.ts'
import { findCase } from '#features/cases/record/data.ts'
import { submitCase } from '#features/cases/submission/acts.ts'
import { newCaseSecret } from '#features/cases/unlock/rules.ts'
import type { BlockReason } from '#features/exchange/orders/rules.ts'
import { NOTHING_OPEN } from '#features/reporting/fields/columns-rules.ts'
import { NOTHING_WRITTEN } from '#features/reporting/fields/rules.ts'
import { Prisma } from '#generated/prisma/client.ts'
import type { Actor, StaffActor, StaffReader } from '#lib/access/actor.ts'
import { systemScope } from '#lib/access/scope.ts'
import { type Imei, luhnDigit, parseImei } from '#lib/imei/imei.ts'
import { addMilliseconds, HOUR } from '#lib/time.ts'
import { keyedHash, newCaseKey, seal, unwrap } from '#platform/crypto.ts'
import { runInTransaction } from '#platform/idempotency/commands.ts'
import { inScope } from '#platform/scope.ts'
import { db, transaction } from '#tests/db.ts'
import { makeStaff } from './staff.ts'

export interface CaseOptions {
  readonly imeis?: readonly string[]
  readonly unitId?: string
  /** The area of the incident; by default the one named like the unit. */
  readonly areaId?: string
  readonly incidentType?: BlockReason
  readonly particulars?: Partial<Particulars>
  readonly now?: Date
}
export interface MadeCase {
  readonly id: string
  readonly number: string
  readonly secret: string
  readonly imeis: readonly string[]
}

const SERIALS = 1_000_000
let serial = randomInt(SERIALS)

/** Returns an unused IMEI: a real TAC and six digits, counted from a random start. */
export function randomImei(): string {
  // The step is coprime to the number of serials, so every serial occurs once before any repeats.
  serial = (serial + 104_729) % SERIALS
  const key = `35678910${String(serial).padStart(6, '0')}`
  return key + luhnDigit(key)
}

export const PARTICULARS: ReportedParticulars = {
  ...NOTHING_WRITTEN,
  fullName: 'Nguyễn Thị Ánh',
  idKind: 'cccd',
  nationalId: '079190012345',
  contact: { kind: 'email', value: 'anh@example.vn' },
  address: '12 Võ Văn Tần, Quận 3',
  place: 'Ngã tư Võ Thị Sáu',
  story: 'Hai người đi xe máy giật điện thoại.',
  phoneNumbers: ['+84901234567'],
}

/** Makes a sent report, as a citizen's browser would have sent it. */
export async function makeCase(options: CaseOptions = {}): Promise<MadeCase> {
  const now = options.now ?? new Date()
  const id = randomUUID()
  const number = newCaseNumber(randomBytes)
  const secret = newCaseSecret(randomBytes)
  const imeis = (options.imeis ?? [randomImei()]).map(readImei)
  const { key, stored } = newCaseKey(id)
  await transaction(async (tx) => {
    await tx.caseKey.create({ data: { caseId: id, ...stored, createdAt: now } })
    const submission = {
      key,
      number,
      locale: 'vi',
      areaId: options.areaId ?? options.unitId ?? 'quan-3',
      unitId: options.unitId ?? 'quan-3',
      incidentType: options.incidentType ?? 'robbed',
      incidentAt: addMilliseconds(now, -2 * HOUR),
      ...NOTHING_OPEN,
      brand: 'Samsung',
      model: 'Galaxy A15',
      colour: 'Đen',
      device: null,
      tacMismatch: false,
      imeis: imeis.map(({ imei, key: key14 }) => ({ imei, key14 })),
      particulars: { ...PARTICULARS, ...options.particulars },
      secretHash: keyedHash('case-secret', secret),
      receipt: {
        sealed: new Uint8Array(),
        cookieHash: keyedHash('receipt-cookie', id),
        until: addMilliseconds(now, 24 * HOUR),
      },
      filedById: null,
      evidence: [],
    }
    await submitCase(tx, { kind: 'citizen' }, submission, now)
  })
  return { id, number, secret, imeis: imeis.map(({ imei }) => imei) }
}

/** Makes the record of a proof of ownership, without a file, for rules that only check whether there is one. */
export async function makeProof(caseId: string): Promise<void> {
  const id = randomUUID()
  const key = unwrap(caseId, await db.caseKey.findUniqueOrThrow({ where: { caseId } }))
  await db.evidence.create({
    data: {
      id,
      caseId,
      kind: 'invoice',
      state: 'ready',
      sealed: seal(key, `evidence:${id}`, { fileName: null }),
      mediaType: 'image/jpeg',
      byteSize: 1,
      sha256: randomBytes(32),
      originalKey: randomUUID(),
      createdAt: new Date(),
    },
  })
}

export async function makeProvenCase(options: CaseOptions = {}): Promise<MadeCase> {
  const made = await makeCase(options)
  await makeProof(made.id)
  return made
}

function readImei(text: string): Imei {
  const parsed = parseImei(text)
  if (!parsed.ok) throw new Error(`${text} is no IMEI: ${parsed.error}`)
  return parsed.value
}

/** A checklist that agrees on everything, for a case with one number. */
export const AGREES = {
  checkImei1: 'yes',
  checkName: 'yes',
  checkDevice: 'yes',
} as const satisfies GivenCheck

/** A checklist that agrees with the case as it is now, for the questions of a move. */
export async function agreeing(caseId: string, move: Move): Promise<GivenCheck> {
  const select = { brand: true, model: true, colour: true, imeis: { orderBy: { ordinal: 'asc' } } } as const
  const { imeis, ...device } = await db.case.findUniqueOrThrow({ where: { id: caseId }, select })
  const yes = Object.fromEntries(imeiChecksOf(move, imeis).map((field) => [field, 'yes']))
  return { ...yes, checkName: 'yes', checkDevice: Object.values(device).some(Boolean) ? 'yes' : 'unknown' }
}

/** Opens the evidence under some keys, which a decision that rests on it requires. */
const openKeys = (actor: StaffActor, keys: Prisma.Sql, at: Date) =>
  db.$executeRaw`
    INSERT INTO disclosures (id, case_id, account_id, session_id, role, unit_id, reason, opened_at, until, proof_version)
    SELECT gen_random_uuid(), case_id, ${actor.id}::uuid, gen_random_uuid(), ${actor.role}::staff_role, ${actor.unitId},
      'ownership', ${at}::timestamptz, ${addMilliseconds(at, HOUR / 2)}::timestamptz, proof_version
    FROM case_keys WHERE ${keys}`

export async function openProof(
  actor: StaffActor,
  ids: string | readonly string[],
  at = new Date(),
): Promise<void> {
  await openKeys(actor, Prisma.sql`case_id = ANY(${[ids].flat()}::uuid[])`, at)
}

/** Opens everything that a decision on a case can rest on: every case of its phones, and every objection to its block. */
export async function openAllSides(actor: StaffActor, caseId: string, at = new Date()): Promise<void> {
  const sides = Prisma.sql`
    case_id IN (SELECT side.case_id FROM case_imeis AS own JOIN case_imeis AS side USING (key14)
      WHERE own.case_id = ${caseId}::uuid)
    OR case_id IN (SELECT id FROM objections WHERE against_id = ${caseId}::uuid)`
  await openKeys(actor, sides, at)
}

/**
 * Makes one move on the case as it is now, after opening its evidence and agreeing with it.
 *
 * @throws if the move is refused
 */
export async function move(
  caseId: string,
  actor: Actor,
  input: Omit<CaseMove, 'caseId' | 'version'>,
  now = new Date(),
): Promise<void> {
  const check = await agreeing(caseId, input.move)
  const wish = { caseId, version: null, text: 'Đã đối chiếu.', check, ...input }
  const c = await findCase(systemScope(), { id: caseId })
  if (actor.kind === 'staff' && restsOnProof(input.move, c ?? undefined))
    await openAllSides(actor, caseId, now)
  const moved = await inScope(systemScope(), () =>
    runInTransaction((tx) => moveCase(tx, systemScope(), actor, wish, now)),
  )
  if (!moved.ok) throw new Error(`${input.move} was refused: ${moved.error}`)
}

/** Makes every side of a conflict over a phone answer, so that no deadline has to pass. */
export async function answerConflict(imei: string, at = new Date()): Promise<void> {
  const imeis = { some: { key14: imei.slice(0, 14) } }
  const sides = await db.case.findMany({ where: { held: 'conflict', imeis }, select: { id: true } })
  for (const { id } of sides) await move(id, { kind: 'citizen' }, { move: 'answer_conflict' }, at)
}

export interface Police {
  readonly officer: StaffReader
  readonly supervisor: StaffReader
}
export const makePolice = async (unitId = 'quan-3'): Promise<Police> => ({
  officer: await makeStaff('officer', { unitId }),
  supervisor: await makeStaff('supervisor', { unitId }),
})

/** Makes a case that two people have approved, so that its orders are in the carriers' books. */
export async function makeBlockingCase(
  options: CaseOptions = {},
  police?: Police,
): Promise<MadeCase & { readonly police: Police }> {
  const by = police ?? (await makePolice(options.unitId))
  const made = await makeProvenCase(options)
  await move(made.id, by.officer, { move: 'take' }, options.now)
  await move(made.id, by.officer, { move: 'verify' }, options.now)
  await move(made.id, by.supervisor, { move: 'approve' }, options.now)
  return { ...made, police: by }
}

/** Unblocks a phone that its owner has recovered, approved by two people. */
export async function unblock(made: MadeCase & { readonly police: Police }, now?: Date): Promise<void> {
  await move(made.id, { kind: 'citizen' }, { move: 'request_unblock' }, now)
  await move(made.id, made.police.officer, { move: 'verify_unblock', reasonCode: 'recovered' }, now)
  await move(made.id, made.police.supervisor, { move: 'approve_unblock' }, now)
}

export async function stateOf(caseId: string): Promise<string | undefined> {
  return (await findCase(systemScope(), { id: caseId }))?.state
}
