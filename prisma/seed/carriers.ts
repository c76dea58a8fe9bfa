import { issueCarrierKey } from '#server/exchange/commands/keys.ts'
import { transaction } from '#server/platform/db.ts'
import carriers from './carriers.json' with { type: 'json' }

/** A line of demo-accounts.json: how a demo carrier shows who it is. */
export interface CarrierAccount {
  readonly role: 'carrier'
  readonly carrier: string
  readonly apiKey: string
}

/** Gives every carrier a new API key and ends the ones before: only for the embedded default's demonstration. */
export function seedCarrierKeys(now = new Date()): Promise<CarrierAccount[]> {
  return transaction(async (tx) => {
    await tx.carrierKey.updateMany({ where: { revokedAt: null }, data: { revokedAt: now } })
    const accounts: CarrierAccount[] = []
    for (const { id } of carriers) {
      const apiKey = await issueCarrierKey(tx, id, { kind: 'system' }, now)
      accounts.push({ role: 'carrier', carrier: id, apiKey })
    }
    return accounts
  })
}
