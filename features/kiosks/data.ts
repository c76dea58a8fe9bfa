import '#server-only'
import { findAgenciesOn } from '#features/agencies/data.ts'
import type { Kiosk as KioskRow } from '#generated/prisma/client.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { keyedHash, sameBytes } from '#platform/crypto.ts'
import { db } from '#platform/db.ts'
import { isSilent, type KioskRefusal, type KioskState, linkState, silentBefore } from './rules.ts'

const kioskById = (id: string): Promise<KioskRow | null> => db.kiosk.findUnique({ where: { id } })

/** Notes the day on which a kiosk's page was opened or sent something, apart from any answer. */
export async function noteKioskSeen(id: string, now: Instant): Promise<void> {
  const seenOn = new Date(localDate(now))
  await db.kiosk.updateMany({
    where: { id, OR: [{ seenOn: null }, { seenOn: { lt: seenOn } }] },
    data: { seenOn },
  })
}

const silentSince = (agencies: readonly string[], day: string, now: Instant, take: number) => {
  const before = new Date(day)
  return db.kiosk.findMany({
    where: {
      ...{ agencyId: { in: [...agencies] }, revokedAt: null, expiresAt: { gt: now } },
      OR: [{ seenOn: { lt: before } }, { seenOn: null, createdAt: { lt: before } }],
    },
    orderBy: [{ seenOn: { sort: 'asc', nulls: 'first' } }, { id: 'asc' }],
    take,
  })
}

const PAGE = 50
const TOKEN =
  /^(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(?<expires>[0-9a-z]{1,10})\.(?<signature>[\w-]{43})$/

const sign = (id: string, expires: string): string =>
  Buffer.from(keyedHash('survey-kiosk', `${id}\0${expires}`)).toString('base64url')

/** Makes the value of `?kiosk=`: the kiosk's id, its time of expiry, and our signature over both. */
export function signKioskToken({ id, expiresAt }: Pick<KioskRow, 'id' | 'expiresAt'>): string {
  const expires = expiresAt.getTime().toString(36)
  return `${id}.${expires}.${sign(id, expires)}`
}

/** Returns the eight digits that pair a device with a kiosk; null if no code is valid now. */
export function makePairingCode(
  { id, pairingNonce, pairingUntil }: Pick<KioskRow, 'id' | 'pairingNonce' | 'pairingUntil'>,
  now: Instant,
): string | null {
  if (pairingNonce === null || pairingUntil === null || pairingUntil <= now) return null
  const hash = keyedHash('survey-kiosk-pairing', `${id}\0${Buffer.from(pairingNonce).toString('hex')}`)
  return String(Buffer.from(hash).readUIntBE(0, 6) % 1e8).padStart(8, '0')
}

export interface Kiosk extends KioskRow {
  readonly state: KioskState
  /** True if it could take answers but has not been seen for {@link SILENT_DAYS} days. */
  readonly silent: boolean
}

export async function listSilentKiosks(
  actor: StaffActor,
  now: Instant,
  take: number,
): Promise<readonly Kiosk[]> {
  if (!may(actor.role, 'survey:manage')) return []
  // An agency that has ended has nothing to rate, so its kiosks may be silent.
  const found = await silentSince([...(await openAgencies(now))], silentBefore(now), now, take)
  return found.map((row) => ({ ...row, state: 'live', silent: true }))
}

export async function findKiosk(
  token: string,
  agencyId: string,
  now: Instant,
): Promise<Result<KioskRow, KioskRefusal>> {
  const { id = '', expires = '', signature = '' } = TOKEN.exec(token)?.groups ?? {}
  if (!sameBytes(Buffer.from(signature), Buffer.from(sign(id, expires)))) return err('forged')
  if (Number.parseInt(expires, 36) <= now.getTime()) return err('expired')
  const kiosk = await kioskById(id)
  if (kiosk === null || kiosk.agencyId !== agencyId) return err('forged')
  const state = linkState(kiosk, now)
  return state === 'live' ? ok(kiosk) : err(state)
}

/** Returns what an agency did to keep its last kept promise, in its public words; null if it has kept none. */
export async function findLastDeed(agencyId: string) {
  const last = await db.agencyReply.findFirst({
    where: { agencyId, keptAt: { not: null }, doneVi: { not: null }, withdrawnAt: null },
    orderBy: { keptAt: 'desc' },
    select: { keptAt: true, doneVi: true, doneEn: true },
  })
  if (last === null || last.keptAt === null || last.doneVi === null) return null
  return { keptAt: last.keptAt, doneVi: last.doneVi, doneEn: last.doneEn }
}

export async function listKiosks(
  actor: StaffActor,
  after: string | null,
  now: Instant,
): Promise<{ readonly kiosks: readonly Kiosk[]; readonly next: string | null }> {
  if (!may(actor.role, 'survey:manage')) return { kiosks: [], next: null }
  const [found, open] = await Promise.all([
    db.kiosk.findMany({
      orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
      ...(after !== null && { cursor: { id: after }, skip: 1 }),
      take: PAGE + 1,
    }),
    openAgencies(now),
  ])
  const page = found.slice(0, PAGE)
  return {
    kiosks: page.map((kiosk) => asKiosk(kiosk, open, now)),
    next: found.length > PAGE ? (page.at(-1)?.id ?? null) : null,
  }
}

/** Returns one kiosk for the sheet with its link; null if it is not live, or for staff who do not manage the survey. */
export async function findLiveKiosk(actor: StaffActor, id: string, now: Instant): Promise<KioskRow | null> {
  if (!may(actor.role, 'survey:manage')) return null
  const [kiosk, open] = await Promise.all([kioskById(id), openAgencies(now)])
  return kiosk !== null && stateOf(kiosk, open, now) === 'live' ? kiosk : null
}

function asKiosk(row: KioskRow, open: ReadonlySet<string>, now: Instant): Kiosk {
  const state = stateOf(row, open, now)
  return { ...row, state, silent: state === 'live' && isSilent(row, now) }
}

const openAgencies = async (now: Instant): Promise<ReadonlySet<string>> =>
  new Set((await findAgenciesOn(localDate(now))).map(({ id }) => id))

function stateOf(kiosk: KioskRow, open: ReadonlySet<string>, now: Instant): KioskState {
  const state = linkState(kiosk, now)
  return state === 'live' && !open.has(kiosk.agencyId) ? 'ended' : state
}
