import '#server-only'
import type { RemedyLaws } from '#features/cases/remedies/rules.ts'
import type { Bank } from '#features/lookup-tables/rules/bank.ts'
import { env } from '#platform/env.ts'
import { readBanks } from './repository.ts'

export { type Device, deviceOf, holidays, holidaysAhead } from './repository.ts'

/** Returns the facts of the city that all people are told: whom to call, and by which law a SIM is stopped. */
export const citySettings = () => ({ hotline: env().CITY_HOTLINE, subscriberBasis: env().SUBSCRIBER_BASIS })

/** Returns the laws that a letter names: by which phones are blocked, and by which a decision is fought. */
export function lawsInForce(): { readonly block: string; readonly remedies: RemedyLaws } {
  const of = env()
  return {
    block: of.LEGAL_BASIS,
    remedies: {
      complaint: of.COMPLAINT_BASIS,
      complaintDays: of.COMPLAINT_DAYS,
      secondDays: of.COMPLAINT_SECOND_DAYS,
      suit: of.SUIT_BASIS,
      suitDays: of.SUIT_DAYS,
    },
  }
}

let banks: readonly Bank[] = []

/** Returns the banks and wallets, the largest first. They come with the release, so one read is enough for a process. */
export async function bankHotlines(): Promise<readonly Bank[]> {
  if (banks.length === 0) banks = await readBanks()
  return banks
}
