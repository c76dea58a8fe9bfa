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

/** Identifies this browser among the notified devices: a keyed hash of its push endpoint, which gives no access. */
const DEVICE = 'antam-device'
const LENGTH = 32
/** As long as a case may take; each registration restarts it. */
const KEPT_SECONDS = (365 * DAY) / 1000

/** Returns this browser's id among the notified devices; null if it never was one. */
async function currentDevice(): Promise<Uint8Array<ArrayBuffer> | null> {
  const sent = Buffer.from((await cookies()).get(cookieName(DEVICE))?.value ?? '', 'base64url')
  return sent.length === LENGTH ? Uint8Array.from(sent) : null
}

/**
 * Returns the data of the devices card for the open case or list. The card offers to register this browser if `may`, but never
 * after a report sent from it as a borrowed device.
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
    // Registered under an old key of ours, the device gets no messages and must be registered again.
    isHere: here !== null && sameBytes(here, endpointHash) && by === publicKey,
  }))
  const told = here !== null && (await isTold(here))
  return { devices, told, publicKey: may && !borrowed ? publicKey : null }
}

/** Registers this browser for news of the open case or list. Only where cookies can be set. */
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

export const deviceFaults = (fault: DeviceFault): Readonly<Record<string, Fault>> =>
  fault === 'not_own'
    ? { ownDevice: 'push.not_own' }
    : {
        form:
          fault === 'too_many' ? { fault: 'push.too_many', values: { most: MOST_DEVICES } } : `push.${fault}`,
      }

/** Stops all messages to this browser, for every case. */
export async function forgetOwnDevice(now: Instant): Promise<void> {
  const device = await currentDevice()
  if (device !== null) await forgetDevice(device, now)
}
