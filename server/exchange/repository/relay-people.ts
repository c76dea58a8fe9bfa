import '#server-only'
import { db, type Tx } from '#server/platform/db.ts'

const RELAY = { role: 'relay', active: true } as const

/** Everybody of the telecom authority who is told when pushing stops. */
export const relayPeople = (tx: Tx): Promise<{ id: string }[]> =>
  tx.staffAccount.findMany({ where: RELAY, select: { id: true } })

/** What a mail about a stopped webhook says, and where it goes; null where that is over, or nobody's any more. */
export async function stoppedMail(carrierId: string, accountId: string) {
  const [webhook, person] = await Promise.all([
    db.carrierWebhook.findUnique({
      where: { carrierId },
      select: { state: true, carrier: { select: { name: true } } },
    }),
    db.staffAccount.findFirst({ where: { ...RELAY, id: accountId }, select: { email: true } }),
  ])
  if (!webhook || !person || webhook.state === 'live') return null
  return { to: person.email, carrier: webhook.carrier.name, why: webhook.state }
}
