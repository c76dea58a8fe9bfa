import type { z } from 'zod'
import type { StepUpKind } from '#features/accounts/factors/rules.ts'
import {
  accountChange,
  accountEmail,
  accountInvite,
  accountOnly,
  asksOfAccounts,
  judgesAccount,
  makesAuditor,
} from '#features/accounts/rules.ts'
import { keepsReceivers, receiverAddress, receiverSecret } from '#features/alerts/receivers/rules.ts'
import { caseLend, lendsPeople } from '#features/cases/deciders/lending-rules.ts'
import { kioskRemoval, managesSurvey, reversal, withdrawal } from '#features/city-report/rules.ts'
import {
  attendsCarrier,
  carrierMode,
  carrierSecret,
  carrierWay,
  releasesOrders,
} from '#features/exchange/carriers/rules.ts'
import { exemption, exemptsOrders } from '#features/exchange/exemptions/rules.ts'
import { releaseDecision } from '#features/exchange/releases/rules.ts'
import { sharedWordsVerdict } from '#features/exchange/shared-words/rules.ts'
import { holdsData, legalHold } from '#features/privacy/legal-holds/rules.ts'
import { answersData, erasure } from '#features/privacy/requests/rules.ts'
import { trialDecision, trialStart } from '#features/questionnaires/versions/publication-rules.ts'
import { drawRequest } from '#features/ratings/invitations/rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { DAY, type Instant } from '#lib/time.ts'

// What one person requests and another, who saw the same content, confirms (ADR 102). To add a kind:
// 1. An entry in KINDS: its content (a zod schema; ids and no words about a case), who asks, who judges, how long it waits,
//    which code it takes, whether auditors are told, whether another request replaces it, whether a refusal has a reason.
// 2. In its feature one `Approvable` (acts.ts): `carryOut`, in the transaction of the confirmation; if needed `holds` (locks
//    what it changes, and checks that it is still what both people saw), `drop`, `within`, `logs`. `askApproval` stores the
//    request, in the transaction of the act that asks.
// 3. Its line in app/[locale]/admin/approvals/kinds.tsx, which renders its card, and in tests/factories/second-person.ts.
// 4. Its words in messages/*/approvals.json: `kind.NAME` and `does.NAME`.

export type Person = Pick<StaffActor, 'id' | 'role' | 'unitId' | 'serves' | 'agencyId' | 'carrierId'>

interface KindRules<S extends z.ZodType> {
  /** The stored content: ids, and no words about a case. */
  readonly content: S
  /** Fields with personal data or secrets; removed when the request ends. */
  readonly personal?: readonly string[]
  /** Milliseconds until it expires; null: it stays open until it is decided. */
  readonly life: number | null
  readonly stepUp: StepUpKind
  /** True if every auditor is told. Then it can be neither requested nor confirmed while no auditor is active. */
  readonly watched: boolean
  /** An exception, for requests that make an auditor. */
  readonly bringsAuditor?: (content: z.output<S>) => boolean
  /** True if another request for the same subject replaces an open one. */
  readonly replaced?: boolean
  readonly reasoned?: boolean
  readonly asks: (by: Person, content: z.output<S>) => boolean
  readonly judges: (by: Person, content: z.output<S>) => boolean
}
const kind = <S extends z.ZodType>(rules: KindRules<S>) => rules

const WEEK = 7 * DAY
const ofAccounts = {
  life: WEEK,
  stepUp: 'always',
  watched: true,
  bringsAuditor: makesAuditor,
  asks: asksOfAccounts,
  judges: judgesAccount,
} as const

const ofSurvey = {
  life: null,
  stepUp: 'work',
  watched: false,
  asks: managesSurvey,
  judges: managesSurvey,
} as const

const ofCarriers = {
  life: WEEK,
  stepUp: 'always',
  watched: true,
  asks: attendsCarrier,
  judges: attendsCarrier,
} as const

const ofReceivers = { ...ofCarriers, asks: keepsReceivers, judges: keepsReceivers } as const

const ofData = { life: null, stepUp: 'work', watched: false, reasoned: true } as const
const ofLegalHolds = { ...ofData, content: legalHold, asks: holdsData, judges: holdsData } as const

export const KINDS = {
  'case.lend': kind({
    content: caseLend,
    life: WEEK,
    stepUp: 'always',
    watched: true,
    asks: lendsPeople,
    judges: lendsPeople,
  }),
  'account.invite': kind({ ...ofAccounts, content: accountInvite, personal: ['email', 'name'] }),
  'account.reset': kind({ ...ofAccounts, content: accountOnly }),
  'account.enable': kind({ ...ofAccounts, content: accountOnly }),
  'account.disable': kind({ ...ofAccounts, content: accountOnly }),
  'account.change': kind({ ...ofAccounts, content: accountChange }),
  'account.email': kind({ ...ofAccounts, content: accountEmail, personal: ['email'] }),
  'survey.reversal': kind({ ...ofSurvey, content: reversal }),
  'survey.withdrawal': kind({ ...ofSurvey, content: withdrawal }),
  'survey.kiosk_removal': kind({ ...ofSurvey, content: kioskRemoval }),
  'survey.draw': kind({ ...ofSurvey, content: drawRequest, life: WEEK }),
  'survey.trial': kind({ ...ofSurvey, content: trialStart, replaced: true }),
  'survey.trial_decision': kind({ ...ofSurvey, content: trialDecision, replaced: true }),
  'case.erasure': kind({
    ...ofData,
    content: erasure,
    replaced: true,
    asks: answersData,
    judges: answersData,
  }),
  'case.legal_hold': kind(ofLegalHolds),
  'case.legal_hold_end': kind(ofLegalHolds),
  'order.exemption': kind({
    content: exemption,
    // If the order is carried out meanwhile, the request is left over.
    life: WEEK,
    stepUp: 'work',
    watched: false,
    replaced: true,
    asks: exemptsOrders,
    judges: exemptsOrders,
  }),
  'order.release': kind({
    content: releaseDecision,
    life: null,
    stepUp: 'work',
    watched: false,
    replaced: true,
    asks: releasesOrders,
    judges: releasesOrders,
  }),
  'order.shared_words': kind({
    content: sharedWordsVerdict,
    life: WEEK,
    stepUp: 'always',
    watched: false,
    replaced: true,
    asks: exemptsOrders,
    judges: exemptsOrders,
  }),
  'carrier.key': kind({ ...ofCarriers, content: carrierSecret }),
  'carrier.secret': kind({ ...ofCarriers, content: carrierSecret }),
  // An address may contain a token.
  'carrier.way': kind({ ...ofCarriers, content: carrierWay, personal: ['url'] }),
  'carrier.mode': kind({
    ...ofCarriers,
    content: carrierMode,
    stepUp: 'work',
    asks: releasesOrders,
    judges: releasesOrders,
  }),
  'receiver.key': kind({ ...ofReceivers, content: receiverSecret }),
  'receiver.secret': kind({ ...ofReceivers, content: receiverSecret }),
  // An address may contain a token.
  'receiver.address': kind({ ...ofReceivers, content: receiverAddress, personal: ['url'] }),
} as const

export type ApprovalKind = keyof typeof KINDS
export const APPROVAL_KINDS = Object.keys(KINDS) as ApprovalKind[]
export type ContentOf<K extends ApprovalKind> = z.output<(typeof KINDS)[K]['content']>

/** Returns the rules of a kind that is only known at run time. Parse the content by its own schema first. */
export const rulesOf = (of: ApprovalKind) => KINDS[of] as KindRules<z.ZodType>

export interface Approval<K extends ApprovalKind = ApprovalKind> {
  readonly id: string
  readonly kind: K
  /** The thing that it changes, such as `account:ID`. A subject has only one open request at a time. */
  readonly subject: string
  readonly content: ContentOf<K>
  readonly digest: string
  /** The account concerned: its own person can neither request nor decide. */
  readonly accountId: string | null
  readonly askedById: string
  readonly askedAt: Instant
  readonly expiresAt: Instant | null
}

/** `request_gone`: decided, withdrawn or expired. */
export type JudgeRefusal = 'forbidden' | 'own_account' | 'own_request' | 'waiting' | 'request_gone'

export const isShownTo = (by: Person, { kind: of, content, askedById }: Approval): boolean =>
  askedById === by.id || rulesOf(of).judges(by, content)

export function needsAuditor(of: ApprovalKind, content: unknown): boolean {
  const { watched, bringsAuditor } = rulesOf(of)
  return watched && !bringsAuditor?.(content)
}
