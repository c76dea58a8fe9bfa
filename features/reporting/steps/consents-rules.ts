import type { PhoneAnswers } from './phone-rules.ts'

/**
 * The statements that a person agrees to, one checkbox per purpose; the `required` ones are needed for sending. A version
 * identifies the exact words in `messages`: changed words need a new version (enforced by consents-rules.test.ts).
 */
export const CONSENTS = [
  { field: 'consentProcessing', purpose: 'processing', version: '2026-12-02', required: true },
  { field: 'consentCarriers', purpose: 'carriers', version: '2026-12-02', required: true },
  { field: 'declareTrue', purpose: 'declaration', version: '2026-12-02', required: true },
  // Shares more than the required ones: a phone number. It is optional, and leaving it out has no disadvantage.
  { field: 'consentSim', purpose: 'sim_question', version: '2026-12-02', required: false },
  // For a report without an IMEI. It shares more than `sim_question`: the carrier names phones, and gets the id number to
  // recognise its subscriber. It is asked beside the number, and on the case page while it is missing.
  { field: 'consentCarrierLookup', purpose: 'imei_of_number', version: '2026-11-30', required: false },
] as const

export type ConsentField = (typeof CONSENTS)[number]['field']
export type ConsentPurpose = (typeof CONSENTS)[number]['purpose']

/** Purposes of consents that are optional and can be withdrawn. */
export const OPTIONAL_PURPOSES = CONSENTS.filter(({ required }) => !required).map(({ purpose }) => purpose)

/**
 * Returns the checkboxes of the last page. Without a phone number there is no question about one. With an IMEI, the question is
 * whether the number was in that phone; without one, which phones it was in, and that is asked beside the number.
 */
export const consentsAsked = (phone: Pick<PhoneAnswers, 'imeis' | 'phoneNumbers'> | null) =>
  CONSENTS.filter(({ purpose }) => {
    if (purpose === 'sim_question')
      return phone !== null && phone.imeis.length > 0 && phone.phoneNumbers.length > 0
    return purpose !== 'imei_of_number'
  })
