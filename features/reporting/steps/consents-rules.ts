import type { PhoneAnswers } from './phone-rules.ts'

/**
 * The statements that a person agrees to, one box a purpose; without the `required` ones nothing is
 * sent. The version stands for the exact words in `messages`: changed words need a new version (consents-rules.test.ts
 * insists).
 */
export const CONSENTS = [
  { field: 'consentProcessing', purpose: 'processing', version: '2026-12-02', required: true },
  { field: 'consentCarriers', purpose: 'carriers', version: '2026-12-02', required: true },
  { field: 'declareTrue', purpose: 'declaration', version: '2026-12-02', required: true },
  // Shares more than the required ones: a phone number. It is optional, and leaving it out has no disadvantage.
  { field: 'consentSim', purpose: 'sim_question', version: '2026-12-02', required: false },
  // For a report without an IMEI. It shares more than `sim_question`: the carrier names phones, and gets the id number
  // to recognise its subscriber. Asked beside the number, and on the case page while it is missing.
  { field: 'consentCarrierLookup', purpose: 'imei_of_number', version: '2026-11-30', required: false },
] as const

export type ConsentField = (typeof CONSENTS)[number]['field']
export type ConsentPurpose = (typeof CONSENTS)[number]['purpose']

/** Purposes of the consents that may be left out, and taken back. */
export const OPTIONAL_PURPOSES = CONSENTS.filter(({ required }) => !required).map(({ purpose }) => purpose)

/**
 * Returns the boxes to show on the last page. A person who gave no phone number is not asked about one. With an IMEI the question is
 * whether the number was in it; without one, which phones it was in: that was asked beside the number.
 */
export const consentsAsked = (phone: Pick<PhoneAnswers, 'imeis' | 'phoneNumbers'> | null) =>
  CONSENTS.filter(({ purpose }) => {
    if (purpose === 'sim_question')
      return phone !== null && phone.imeis.length > 0 && phone.phoneNumbers.length > 0
    return purpose !== 'imei_of_number'
  })
