import { randomUUID } from 'node:crypto'
import {
  addReceiver,
  askReceiverAddress,
  askReceiverKey,
  askReceiverSecret,
  takeReceiverKey,
  takeReceiverSecret,
} from '#features/alerts/receivers/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import { confirm, openApproval } from './second-person.ts'
import { makeStaff } from './staff.ts'

const key = () => ({ submitKey: randomUUID() })
const must = <T>(
  done: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown },
): T => {
  if (!done.ok) throw new Error(JSON.stringify(done.error))
  return done.value
}

/** Makes another person of the relay confirm the last request. Returns its id. */
async function confirmed(now: Instant): Promise<string> {
  const id = await openApproval()
  must(await confirm(await makeStaff('relay'), id, now))
  return id
}

/** Makes a bank a receiver of alerts. People of the relay ask for its API key, confirm it and collect it. Returns the key. */
export async function makeReceiver(relay: StaffActor, receiverId: string, now: Instant): Promise<string> {
  must(await addReceiver(relay, { receiverId, ...key() }, now))
  must(await askReceiverKey(relay, { receiverId, ...key() }, now))
  return must(await takeReceiverKey(relay, { approvalId: await confirmed(now), ...key() }, now))
}

/** Turns on pushes of alerts to an address. Returns the secret that signs them. */
export async function pushTo(
  relay: StaffActor,
  receiverId: string,
  url: string,
  now: Instant,
): Promise<string> {
  must(await askReceiverAddress(relay, { receiverId, url, version: 0, ...key() }, now))
  await confirmed(now)
  must(await askReceiverSecret(relay, { receiverId, ...key() }, now))
  return must(await takeReceiverSecret(relay, { approvalId: await confirmed(now), ...key() }, now))
}
