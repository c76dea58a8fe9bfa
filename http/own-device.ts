import '#server-only'
import { cookies } from 'next/headers'
import { addDevice, forgetDevice } from '#features/push/acts.ts'
import { devicesOf, isTold, pushKeys } from '#features/push/data.ts'
import { type DeviceFault, MOST_DEVICES } from '#features/push/rules.ts'
import type { CaseScope, PhonesScope } from '#lib/access/scope.ts'
import { err, type Result } from '#lib/result.ts'
import { DAY, type Instant } from '#lib/time.ts'
import { sameBytes } from '#platform/crypto.ts'
import type { Fault } from './action.ts'
import { cookieName, cookieOptions } from './cookies.ts'
import { hasBorrowedReceipt } from './draft.ts'

/** Names this browser among those that are told: a keyed hash of its push service's address, so that it opens nothing. */
const DEVICE = 'antam-device'
const LENGTH = 32
/** As long as a case may take; each choice begins it anew. */
const KEPT_SECONDS = (365 * DAY) / 1000

/** Returns what this browser is called among the devices that are told; null where it has never been one. */
async function currentDevice(): Promise<Uint8Array<ArrayBuffer> | null> {
  const sent = Buffer.from((await cookies()).get(cookieName(DEVICE))?.value ?? '', 'base64url')
  return sent.length === LENGTH ? Uint8Array.from(sent) : null
}

/**
 * Returns what the card of devices shows of what this browser has open. It is offered where `may`, but never in a browser from
 * which a person has reported without calling it their own.
 */
export async function devicesHere(scope: CaseScope | PhonesScope, may: boolean) {
  const publicKey = pushKeys()?.publicKey ?? null
  if (publicKey === null) return { devices: [], told: false, publicKey }
  const [here, borrowed, listed] = await Promise.all([
    currentDevice(),
    hasBorrowedReceipt(),
    devicesOf(scope),
  ])
  const devices = listed.map(({ endpointHash, by, ...device }) => ({
    ...device,
    // Under another key of ours it is told nothing: it is to be chosen anew.
    isHere: here !== null && sameBytes(here, endpointHash) && by === publicKey,
  }))
  const told = here !== null && (await isTold(here))
  return { devices, told, publicKey: may && !borrowed ? publicKey : null }
}

/** Has this browser told of news of what it has open, and remembers that. Only where cookies can be set. */
export async function chooseDevice(
  scope: CaseScope | PhonesScope,
  form: Omit<Parameters<typeof addDevice>[1], 'before'>,
  now: Instant,
): Promise<Result<unknown, DeviceFault>> {
  if (await hasBorrowedReceipt()) return err('borrowed')
  const kept = await addDevice(scope, { ...form, before: await currentDevice() }, now)
  if (kept.ok) {
    const value = Buffer.from(kept.value).toString('base64url')
    ;(await cookies()).set(cookieName(DEVICE), value, { ...cookieOptions(), maxAge: KEPT_SECONDS })
  }
  return kept
}

/** Returns where the form of a device says what is wrong. */
export const deviceFaults = (fault: DeviceFault): Readonly<Record<string, Fault>> =>
  fault === 'not_own'
    ? { ownDevice: 'push.not_own' }
    : { form: fault === 'full' ? { fault: 'push.full', values: { most: MOST_DEVICES } } : `push.${fault}` }

/** Has nothing more told to this browser, of whatever case. */
export async function forgetOwnDevice(now: Instant): Promise<void> {
  const device = await currentDevice()
  if (device !== null) await forgetDevice(device, now)
}
