import '#server-only'
import {
  isSilent,
  type KioskRefusal,
  type KioskState,
  linkState,
  silentBefore,
} from '#features/ratings/rules/kiosk.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { keyedHash, sameBytes } from '#platform/crypto.ts'
import { agenciesOn } from '../repository/agencies.ts'
import { type KioskRow, kioskById, kiosksAfter, silentSince } from '../repository/kiosks.ts'

const PAGE = 50
const TOKEN =
  /^(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(?<expires>[0-9a-z]{1,10})\.(?<signature>[\w-]{43})$/

const sign = (id: string, expires: string): string =>
  Buffer.from(keyedHash('survey-kiosk', `${id}\0${expires}`)).toString('base64url')

/** Makes the value of `?kiosk=`: the kiosk's id, the moment at which it expires, and our signature over both. */
export function kioskToken({ id, expiresAt }: Pick<KioskRow, 'id' | 'expiresAt'>): string {
  const expires = expiresAt.getTime().toString(36)
  return `${id}.${expires}.${sign(id, expires)}`
}

/** Returns the eight digits that pair a device with a kiosk; null where no code is good now. */
export function pairingCode(
  { id, pairingNonce, pairingUntil }: Pick<KioskRow, 'id' | 'pairingNonce' | 'pairingUntil'>,
  now: Instant,
): string | null {
  if (pairingNonce === null || pairingUntil === null || pairingUntil <= now) return null
  const hash = keyedHash('survey-kiosk-pairing', `${id}\0${Buffer.from(pairingNonce).toString('hex')}`)
  return String(Buffer.from(hash).readUIntBE(0, 6) % 1e8).padStart(8, '0')
}

export interface Kiosk extends KioskRow {
  readonly state: KioskState
  /** Tells whether it could take answers and has not been seen for {@link SILENT_DAYS} days. */
  readonly silent: boolean
}

/**
 * Returns at most `take` kiosks that may have been switched off or unplugged; none for staff who do not manage the
 * survey.
 */
export async function silentKiosks(actor: StaffActor, now: Instant, take: number): Promise<readonly Kiosk[]> {
  if (!may(actor.role, 'survey:manage')) return []
  // An agency that has ended has nothing to rate, so its kiosks may be silent.
  const found = await silentSince([...(await openAgencies(now))], silentBefore(now), now, take)
  return found.map((row) => ({ ...row, state: 'live', silent: true }))
}

/** Finds the kiosk of a link at one agency's address. */
export async function kioskOf(
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

/**
 * Returns a page of the kiosks and the place where the next page begins; empty for a person who does not manage the
 * survey.
 */
export async function kiosks(
  actor: StaffActor,
  after: string | null,
  now: Instant,
): Promise<{ readonly kiosks: readonly Kiosk[]; readonly next: string | null }> {
  if (!may(actor.role, 'survey:manage')) return { kiosks: [], next: null }
  const [found, open] = await Promise.all([kiosksAfter(after, PAGE + 1), openAgencies(now)])
  const page = found.slice(0, PAGE)
  return {
    kiosks: page.map((kiosk) => asKiosk(kiosk, open, now)),
    next: found.length > PAGE ? (page.at(-1)?.id ?? null) : null,
  }
}

/**
 * Returns one kiosk with its link, for the sheet that is hung up or scanned at the device; null unless it is live, and
 * for a person who does not manage the survey.
 */
export async function liveKiosk(actor: StaffActor, id: string, now: Instant): Promise<KioskRow | null> {
  if (!may(actor.role, 'survey:manage')) return null
  const [kiosk, open] = await Promise.all([kioskById(id), openAgencies(now)])
  return kiosk !== null && stateOf(kiosk, open, now) === 'live' ? kiosk : null
}

function asKiosk(row: KioskRow, open: ReadonlySet<string>, now: Instant): Kiosk {
  const state = stateOf(row, open, now)
  return { ...row, state, silent: state === 'live' && isSilent(row, now) }
}

const openAgencies = async (now: Instant): Promise<ReadonlySet<string>> =>
  new Set((await agenciesOn(localDate(now))).map(({ id }) => id))

function stateOf(kiosk: KioskRow, open: ReadonlySet<string>, now: Instant): KioskState {
  const state = linkState(kiosk, now)
  return state === 'live' && !open.has(kiosk.agencyId) ? 'ended' : state
}
