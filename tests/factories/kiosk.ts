import { randomUUID } from 'node:crypto'
import { makeKiosk, pairKioskDevice, rateAtKiosk } from '#features/kiosks/acts.ts'
import { makePairingCode, signKioskToken } from '#features/kiosks/data.ts'
import { asDeviceKey, type DeviceKey } from '#features/kiosks/device-key.ts'
import { KIOSK_PACE, kioskMessage } from '#features/kiosks/rules.ts'
import { addMilliseconds, type Instant } from '#lib/time.ts'
import { db } from '#tests/db.ts'
import { must } from '#tests/must.ts'
import { makeStaff } from './staff.ts'

/** Makes a key pair as a kiosk's page does. Its private key cannot be exported. */
export const makeDevice = async (): Promise<DeviceKey> =>
  asDeviceKey(
    await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']),
  )

export async function pairDevice(id: string, device: DeviceKey, now: Instant) {
  const row = await db.kiosk.findUniqueOrThrow({ where: { id } })
  const code = makePairingCode(row, now) ?? ''
  const asked = { token: signKioskToken(row), agencyId: row.agencyId, code, publicKey: device.publicKey }
  return pairKioskDevice(asked, now)
}

export async function makePairedKiosk(
  agencyId: string,
  now: Instant,
  { ceiling }: { readonly ceiling?: number } = {},
) {
  const manager = await makeStaff('survey_manager')
  const wanted = { agencyId, counter: 'Quầy 3', days: 30, ceiling: String(ceiling ?? '') }
  const id = must(await makeKiosk(manager, { ...wanted, submitKey: randomUUID() }, now))
  const device = await makeDevice()
  must(await pairDevice(id, device, now))
  const row = await db.kiosk.findUniqueOrThrow({ where: { id } })
  return { manager, id, agencyId, token: signKioskToken(row), device }
}

export interface PairedKiosk {
  readonly id: string
  readonly agencyId: string
  readonly token: string
  readonly device: DeviceKey
}

export async function signedForm(
  { id, agencyId, token, device }: PairedKiosk,
  typed: Readonly<Record<string, string>>,
  at: Instant,
  submitKey: string = randomUUID(),
): Promise<Record<string, string>> {
  const fields = {
    ...{ agency: agencyId, questionnaire: '1', ...typed },
    ...{ submitKey, at: String(Math.floor(at.getTime() / 1000)) },
  }
  const signature = await device.sign(kioskMessage(id, Object.entries(fields)))
  return { ...fields, signature, kiosk: token }
}

let answers = 0

/** Returns a moment within the last day that is far enough from the answers of all kiosks. */
export const freeMoment = (now: Instant): Instant =>
  addMilliseconds(now, -(answers++ % 4_000) * KIOSK_PACE * 1000)

/** Sends an answer of a kiosk. Returns `ok` or the reason of the refusal. */
export async function answerAtKiosk(
  kiosk: PairedKiosk,
  typed: Readonly<Record<string, string>> = {},
  at: Instant = new Date(),
  now: Instant = at,
): Promise<string> {
  const all = { r1: '4', r2: 'ontime', r3: '0', r4: 'na', r5: '5', r6: 'right', ...typed }
  const fields = await signedForm(kiosk, all, at)
  const rated = await rateAtKiosk(
    { agencyId: kiosk.agencyId, questionnaireVersion: 1, typed: fields, submitKey: fields.submitKey ?? '' },
    now,
  )
  if (rated.ok) return 'ok'
  return rated.error.kind === 'kiosk' ? rated.error.refusal : rated.error.kind
}
