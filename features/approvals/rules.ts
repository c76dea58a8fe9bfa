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

// What one person asks for and another, who saw that very content, confirms (ADR 102). To add a kind:
// 1. An entry in KINDS: its content (a zod schema; ids and no words about a case), who asks, who judges, how long it waits,
//    which code it takes, whether auditors are told, whether another request replaces it, whether a refusal says why.
// 2. In its feature one `Approvable` (acts.ts): `carryOut`, in the transaction of the confirmation; where it needs them
//    `holds` (locks what it changes, and says whether it is still what both saw), `drop`, `within`, `logs`. What is asked
//    for is written down by `askApproval`, in the transaction of the act that asks.
// 3. Its line in app/[locale]/admin/approvals/kinds.tsx, which draws its card, and in tests/factories/second-person.ts.
// 4. Its words in messages/*/approvals.json: `kind.NAME` and `does.NAME`.

export type Person = Pick<StaffActor, 'id' | 'role' | 'unitId' | 'serves' | 'agencyId' | 'carrierId'>

interface KindRules<S extends z.ZodType> {
  /** Describes what is asked, as it is stored: ids, and no words about a case. */
  readonly content: S
  /** The fields of the content that name a person or hold a secret: they go when the request ends. */
  readonly personal?: readonly string[]
  /** The time for which it waits, in milliseconds; null where it waits until it is decided. */
  readonly life: number | null
  readonly stepUp: StepUpKind
  /** Has every auditor told of it. Then nothing of it is asked for or done while no auditor is active. */
  readonly watched: boolean
  /** Lets it be done even then: an auditor comes of it. */
  readonly bringsAuditor?: (content: z.output<S>) => boolean
  /** Lets a request for something else end the one that is open. */
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
    // An order that is done meanwhile leaves its request behind.
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
  // An address may hold a token.
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
  // An address may hold a token.
  'receiver.address': kind({ ...ofReceivers, content: receiverAddress, personal: ['url'] }),
} as const

export type ApprovalKind = keyof typeof KINDS
export const APPROVAL_KINDS = Object.keys(KINDS) as ApprovalKind[]
export type ContentOf<K extends ApprovalKind> = z.output<(typeof KINDS)[K]['content']>

/** The same rules for a kind that is only known while the program runs; its content is read by its own schema first. */
export const rulesOf = (of: ApprovalKind) => KINDS[of] as KindRules<z.ZodType>

export interface Approval<K extends ApprovalKind = ApprovalKind> {
  readonly id: string
  readonly kind: K
  /** Names what it changes, such as `account:ID`: one request is open for it at a time. */
  readonly subject: string
  readonly content: ContentOf<K>
  readonly digest: string
  /** The account that it is about: its person neither asks nor decides. */
  readonly accountId: string | null
  readonly askedById: string
  readonly askedAt: Instant
  readonly expiresAt: Instant | null
}

/** `request_gone`: decided, withdrawn or past its time; `changed`: it is not what this person saw. */
export type JudgeRefusal = 'forbidden' | 'own_account' | 'own_request' | 'waiting' | 'request_gone'

export const isShownTo = (by: Person, { kind: of, content, askedById }: Approval): boolean =>
  askedById === by.id || rulesOf(of).judges(by, content)

export function needsAuditor(of: ApprovalKind, content: unknown): boolean {
  const { watched, bringsAuditor } = rulesOf(of)
  return watched && !bringsAuditor?.(content)
}
