import '#server-only'
import type { Bank } from '#features/lookup-tables/rules/bank.ts'
import { env } from '#platform/env.ts'
import { readBanks } from './repository.ts'

export { type Device, deviceOf, holidays } from './repository.ts'

/** Returns the facts of the city that all people are told: whom to call, and by which law a SIM is stopped. */
export const citySettings = () => ({ hotline: env().CITY_HOTLINE, subscriberBasis: env().SUBSCRIBER_BASIS })

/** Returns the laws and terms that every final decision names. */
export const remedyLaws = () => {
  const { COMPLAINT_BASIS, COMPLAINT_DAYS, COMPLAINT_SECOND_DAYS, COURT_BASIS, COURT_MONTHS } = env()
  return {
    complaintLaw: COMPLAINT_BASIS,
    complaintDays: COMPLAINT_DAYS,
    secondComplaintDays: COMPLAINT_SECOND_DAYS,
    courtLaw: COURT_BASIS,
    courtMonths: COURT_MONTHS,
  }
}

let banks: readonly Bank[] = []

/** Returns the banks and wallets, the largest first. They come with the release, so one read is enough for a process. */
export async function bankHotlines(): Promise<readonly Bank[]> {
  if (banks.length === 0) banks = await readBanks()
  return banks
}
