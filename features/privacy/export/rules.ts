import type { Particulars } from '#features/cases/particulars/rules.ts'
import type { LastBox } from '#features/cases/remedies/last-box-rules.ts'
import type { CitizenEvent } from '#features/cases/timeline/rules.ts'
import type { CarrierQuestionKind } from '#features/exchange/questions/rules.ts'
import type { OpenTexts } from '#features/reporting/fields/columns-rules.ts'
import type { Instant } from '#lib/time.ts'
import type { AskedCorrection } from '../requests/correction-rules.ts'
import type { DataRequestItem } from '../requests/rules.ts'

/**
 * All data of a case and its person, in the form in which the person takes it along (docs/personal-data.md). Times are
 * ISO in JSON. A carrier's answer belongs to the police, so only the question is in it.
 */
export interface PersonalData {
  readonly format: 'an-tam/personal-data/1'
  readonly at: Instant
  readonly case: {
    readonly number: string
    readonly state: string
    readonly area: string
    readonly areaName: string
    readonly incidentType: string
    readonly incidentAt: Instant
    readonly submittedAt: Instant
    readonly language: string
  }
  readonly person: Particulars
  readonly phone: OpenTexts & {
    readonly imeis: readonly string[]
    /** Those of them that wait for a paper of their own and are not blocked. */
    readonly imeisWaiting: readonly string[]
  }
  readonly consents: readonly {
    readonly purpose: string
    readonly version: string
    readonly at: Instant
    readonly withdrawnAt: Instant | null
  }[]
  /** Holds what has ended and still stands, with the remedies that are open. */
  readonly decisions: readonly {
    readonly box: LastBox
    readonly unit: { readonly nameVi: string; readonly nameEn: string } | null
  }[]
  readonly events: readonly Omit<CitizenEvent, 'unitId'>[]
  readonly evidence: readonly {
    readonly kind: string
    readonly fileName: string | null
    readonly mediaType: string
    readonly byteSize: number
    readonly sha256: string
    readonly receivedAt: Instant
    readonly href: string
    /** The IMEIs that a machine read in it; null where it has not. */
    readonly read: {
      readonly at: Instant
      readonly found: readonly {
        readonly imei: string
        readonly page: number
        readonly method: 'barcode' | 'text'
      }[]
    } | null
  }[]
  /** When the files that there were were deleted, their time being over; null where they were not. */
  readonly filesDeletedAt: Instant | null
  readonly carriers: readonly {
    readonly carrier: string
    readonly name: string
    readonly state: string
    readonly at: Instant
  }[]
  readonly questions: readonly {
    readonly carrier: string
    readonly kind: CarrierQuestionKind
    readonly phoneNumber: string
    /** null where it was asked which phones the number was in. */
    readonly imei: string | null
    /** The phones that the carrier named, by their last four digits; null where police have not let the person see them. */
    readonly named: readonly { readonly name: string | null; readonly ending: string }[] | null
    readonly askedAt: Instant
    readonly answeredAt: Instant | null
  }[]
  /** When the blocked phone tried to connect, as carriers saw it; who and where is for police. */
  readonly sightings: readonly Instant[]
  /** How the phone was looked for: from when to when it is watched, when it was seen, and when its holder was asked and came. */
  readonly recovery: {
    readonly wishedAt: Instant | null
    readonly watchUntil: Instant | null
    readonly seenAt: Instant | null
    /** When a shop checked it; which one is for police. */
    readonly shopChecks: readonly Instant[]
    readonly notices: readonly { readonly calledAt: Instant; readonly handedInAt: Instant | null }[]
  }
  /** The banks and wallets that the person lets be told, under which number, what each was told and has answered. */
  readonly shares: readonly {
    readonly receiver: string
    readonly name: string
    readonly phoneNumber: string | null
    readonly version: string
    readonly givenAt: Instant
    readonly withdrawnAt: Instant | null
    readonly alerts: readonly {
      readonly event: string
      readonly at: Instant
      readonly outcome: string | null
      readonly outcomeAt: Instant | null
    }[]
  }[]
  readonly messages: readonly {
    readonly template: string
    readonly to: string
    readonly state: string
    readonly at: Instant
    readonly sentAt: Instant | null
  }[]
  readonly requests: readonly (Omit<DataRequestItem, 'id' | 'eventSeq'> & {
    readonly asked: string | null
    readonly correction: AskedCorrection | null
    readonly answers: readonly { readonly at: Instant; readonly message: string }[]
  })[]
  /** The list that has the case, where a signed-in person has one; no name is in it. */
  readonly list: { readonly how: 'filed' | 'added'; readonly addedAt: Instant } | null
  readonly openings: readonly {
    readonly at: Instant
    readonly area: string | null
    readonly reason: string
  }[]
  /** The acts on the case, each with the one who did it: citizen, staff, carrier or system. */
  readonly accesses: readonly { readonly at: Instant; readonly act: string; readonly by: string }[]
}
