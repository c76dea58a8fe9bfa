import type { Particulars } from '#features/cases/particulars/rules.ts'
import type { LastBox } from '#features/cases/remedies/last-box-rules.ts'
import type { CitizenEvent } from '#features/cases/timeline/rules.ts'
import type { CarrierQuestionKind } from '#features/exchange/questions/rules.ts'
import type { OpenTexts } from '#features/reporting/fields/columns-rules.ts'
import type { Instant } from '#lib/time.ts'
import type { AskedCorrection } from '../requests/correction-rules.ts'
import type { DataRequestItem } from '../requests/rules.ts'

/**
 * All data of a case and its person, as the person downloads it (docs/personal-data.md). In JSON, times are ISO. A carrier's
 * answer belongs to the police, so the export has only the question and what police released.
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
    /** Those that still need a paper of their own and are not blocked. */
    readonly imeisWaiting: readonly string[]
  }
  readonly consents: readonly {
    readonly purpose: string
    readonly version: string
    readonly at: Instant
    readonly withdrawnAt: Instant | null
  }[]
  /** Final decisions that are in force, with the remedies still open. */
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
    /** The IMEIs that a machine read in the file; null before it was read. */
    readonly read: {
      readonly at: Instant
      readonly found: readonly {
        readonly imei: string
        readonly page: number
        readonly method: 'barcode' | 'text'
      }[]
    } | null
  }[]
  /** When the files were deleted at the end of their retention time; null if they were not. */
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
    /** null for a question about which phones used the number. */
    readonly imei: string | null
    /** The phones in the carrier's answer, by their last four digits; null until police release them to the person. */
    readonly named: readonly { readonly name: string | null; readonly ending: string }[] | null
    readonly askedAt: Instant
    readonly answeredAt: Instant | null
  }[]
  /** When carriers saw the blocked phone try to connect. Only police learn who used it, and where. */
  readonly sightings: readonly Instant[]
  readonly recovery: {
    readonly wishedAt: Instant | null
    readonly watchUntil: Instant | null
    readonly seenAt: Instant | null
    /** When a shop checked the phone; only police learn which shop. */
    readonly shopChecks: readonly Instant[]
    readonly notices: readonly { readonly calledAt: Instant; readonly handedInAt: Instant | null }[]
  }
  /** The banks and wallets that the person allows to be told, the phone number, and each alert with its answer. */
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
  readonly devices: readonly {
    readonly service: string
    readonly madeAt: Instant
    readonly lastSuccessAt: Instant | null
  }[]
  /** The list with this case, if its person has signed in; the export has no name from it. */
  readonly list: { readonly how: 'filed' | 'added'; readonly addedAt: Instant } | null
  readonly openings: readonly {
    readonly at: Instant
    readonly area: string | null
    readonly reason: string
  }[]
  /** Acts on the case, each with the kind of its actor: citizen, staff, carrier or system. */
  readonly accesses: readonly { readonly at: Instant; readonly act: string; readonly by: string }[]
}
