import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import type { SummaryRow } from '#components/ui/summary-list.tsx'
import { Written } from '#components/ui/written.tsx'
import {
  changeOfAddress,
  dismissal,
  newAccount,
  resetOfSignIn,
  takingBack,
} from '#features/accounts/approvals-acts.ts'
import { findAccountAsked, namesOf } from '#features/accounts/data.ts'
import type { Post } from '#features/accounts/rules.ts'
import { newReceiverAddress, newReceiverKey, newReceiverSecret } from '#features/alerts/receivers/acts.ts'
import { receiverName } from '#features/alerts/receivers/data.ts'
import type { Approvable } from '#features/approvals/acts.ts'
import type { ApprovalKind, ContentOf } from '#features/approvals/rules.ts'
import { allUnits } from '#features/areas/data.ts'
import { loan } from '#features/cases/deciders/acts.ts'
import { readLoan } from '#features/cases/deciders/data.ts'
import { staffPost } from '#features/cases/staffing/acts.ts'
import { reversing, withdrawing } from '#features/city-report/acts.ts'
import { readReportPage } from '#features/city-report/page-data.ts'
import { periodTitle } from '#features/city-report/period-rules.ts'
import { carrierNames } from '#features/exchange/carriers/data.ts'
import { newWay } from '#features/exchange/delivery/acts.ts'
import { exempting } from '#features/exchange/exemptions/acts.ts'
import { newKey, newSecret } from '#features/exchange/keys/acts.ts'
import { OrderStateTag } from '#features/exchange/orders/order-state.tsx'
import { orderDetail, relayCarrierName } from '#features/exchange/relay/data.ts'
import { decidingRelease, newMode } from '#features/exchange/releases/acts.ts'
import { findAskedRelease } from '#features/exchange/releases/data.ts'
import { judging } from '#features/exchange/shared-words/acts.ts'
import { readProposedWords } from '#features/privacy/data.ts'
import { lifting, placing } from '#features/privacy/legal-holds/acts.ts'
import { grant } from '#features/privacy/requests/answer-acts.ts'
import { endingTrial as decidingTrial, trying } from '#features/questionnaires/versions/acts.ts'
import { findOpenGroup } from '#features/ratings/integrity/data.ts'
import { writtenMonth } from '#features/ratings/integrity/rules.ts'
import { drawing } from '#features/ratings/invitations/acts.ts'
import { listKnownAgencies } from '#features/ratings/rating/data.ts'
import { removingWeeks } from '#features/ratings/removals/acts.ts'
import { type Month, monthLabel } from '#features/results/rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { formatDate, formatInstant } from '#messages/dates.ts'
import type { FaultNoun } from '#messages/fault-words.ts'
import { nameStaff } from '../name-of.ts'

interface Shown {
  /** The request's subject, shown beside the name of its kind. */
  readonly about: string
  readonly rows: readonly SummaryRow[]
}

interface OnDesk<K extends ApprovalKind> {
  readonly approvable: Approvable<K, string>
  /** The group of `faults` with the messages for refusals when it is carried out. */
  readonly faults: FaultNoun
  readonly show: (staff: StaffActor, content: ContentOf<K>) => Promise<Shown>
}

const onAccount = { faults: 'sign_in' } as const

const showAccount = async (staff: StaffActor, content: Parameters<typeof findAccountAsked>[1]) => {
  const t = await getTranslations('approvals')
  const account = await findAccountAsked(staff, content)
  const address = { key: 'address', term: t('address'), value: account?.email ?? '' }
  return { t, about: account?.name ?? '', address }
}

export const DESK: { readonly [K in ApprovalKind]: OnDesk<K> } = {
  'case.lend': {
    faults: 'lending',
    approvable: loan,
    async show(staff, { accountId, caseIds, question }) {
      const [t, units, cases, names] = await Promise.all([
        getTranslations('approvals.lend'),
        allUnits(),
        readLoan(staff, caseIds),
        namesOf([accountId]),
      ])
      const [first] = cases
      return {
        about: names.get(accountId) ?? '',
        rows: [
          { key: 'case', term: t('case'), value: cases.map(({ number }) => number).join(', ') },
          { key: 'unit', term: t('unit'), value: (await nameStaff(units, first?.unitId ?? null)) ?? '' },
          { key: 'asks', term: t('asks'), value: t(`question.${question}` as 'question.block') },
        ],
      }
    },
  },
  'account.invite': {
    ...onAccount,
    approvable: newAccount,
    async show(_, { name, email, after }) {
      const t = await getTranslations('approvals')
      return {
        about: name,
        rows: [
          { key: 'address', term: t('address'), value: email },
          { key: 'after', term: t('post'), value: await postWords(after) },
        ],
      }
    },
  },
  'account.reset': { ...onAccount, approvable: resetOfSignIn, show: showPost },
  'account.enable': { ...onAccount, approvable: takingBack, show: showPost },
  'account.disable': { ...onAccount, approvable: dismissal, show: showPost },
  'account.change': {
    ...onAccount,
    approvable: staffPost,
    async show(staff, content) {
      const { t, about, address } = await showAccount(staff, content)
      return {
        about,
        rows: [
          address,
          { key: 'now', term: t('now'), value: await postWords(content.before) },
          { key: 'after', term: t('after'), value: await postWords(content.after) },
        ],
      }
    },
  },
  'account.email': {
    ...onAccount,
    approvable: changeOfAddress,
    async show(staff, content) {
      const { t, about, address } = await showAccount(staff, content)
      return {
        about,
        rows: [
          address,
          { key: 'new', term: t('new_address'), value: content.email },
          { key: 'now', term: t('post'), value: await postWords(content.before) },
        ],
      }
    },
  },
  'survey.reversal': {
    faults: 'survey.request',
    approvable: reversing,
    async show(staff, content) {
      const [t, rule, locale, group] = await Promise.all([
        getTranslations('approvals'),
        getTranslations('survey-integrity.reason'),
        getLocale(),
        findOpenGroup(staff, content.exclusionId),
      ])
      const rows = await reasonRows(content)
      if (group === null) return { about: '', rows }
      const agency = locale === 'vi' ? group.agency.nameVi : group.agency.nameEn
      const about = [rule(group.reason), writtenMonth(group.month)].join(', ')
      return {
        about,
        rows: [
          { key: 'agency', term: t('agency'), value: agency },
          { key: 'answers', term: t('answers'), value: <span className="num">{group.count}</span> },
          ...rows,
        ],
      }
    },
  },
  'survey.withdrawal': {
    faults: 'survey.request',
    approvable: withdrawing,
    async show(staff, content) {
      const [words, locale, report, rows] = await Promise.all([
        getTranslations('survey-report-paper'),
        getLocale(),
        readReportPage(staff, content.reportId, new Date()),
        reasonRows(content),
      ])
      return { about: report === null ? '' : periodTitle(words, locale, report.period), rows }
    },
  },
  'survey.kiosk_removal': {
    faults: 'survey.removal',
    approvable: removingWeeks,
    async show(_, content) {
      const [t, locale, known, rows] = await Promise.all([
        getTranslations('approvals'),
        getLocale(),
        listKnownAgencies(new Date()),
        reasonRows(content),
      ])
      const weeks = [content.from, content.to].map((day) => formatDate(locale, day)).join(' – ')
      return {
        about: (await nameStaff(known, content.agencyId)) ?? content.agencyId,
        rows: [{ key: 'weeks', term: t('weeks'), value: weeks }, ...rows],
      }
    },
  },
  'survey.draw': {
    faults: 'survey.draw',
    approvable: drawing,
    async show(_, { agencyId, month, cases, size }) {
      const [t, locale, known] = await Promise.all([
        getTranslations('survey-invitations'),
        getLocale(),
        listKnownAgencies(new Date()),
      ])
      const of = `${(await nameStaff(known, agencyId)) ?? agencyId}, ${monthLabel(locale, month as Month)}`
      return {
        about: of,
        rows: [
          { key: 'cases', term: t('cases'), value: String(cases) },
          { key: 'size', term: t('size'), value: String(size) },
        ],
      }
    },
  },
  'survey.trial': {
    faults: 'questionnaire',
    approvable: trying,
    async show(_, { version, percent, size, points, from, until, reason }) {
      const [t, words, locale] = await Promise.all([
        getTranslations('survey-questions.plan'),
        getTranslations('survey-questions'),
        getLocale(),
      ])
      const rows = {
        share: t('shareValue', { percent }),
        size: t('sizeValue', { size, points }),
        days: `${formatInstant(locale, new Date(from), 'date')} – ${formatInstant(locale, new Date(until), 'date')}`,
        reason: <Written>{reason[locale]}</Written>,
      }
      return {
        about: words('version', { version }),
        rows: (['share', 'size', 'days', 'reason'] as const).map((key) => ({
          key,
          term: t(key),
          value: rows[key],
        })),
      }
    },
  },
  'survey.trial_decision': {
    faults: 'questionnaire',
    approvable: decidingTrial,
    async show(_, { version, adopt, reason }) {
      const [t, words, locale] = await Promise.all([
        getTranslations('survey-questions.plan'),
        getTranslations('survey-questions'),
        getLocale(),
      ])
      return {
        about: words('version', { version }),
        rows: [
          {
            key: 'decision',
            term: t('decision'),
            value: words(`trialPage.${adopt ? 'adopt' : 'drop'}`, { version }),
          },
          { key: 'reason', term: t('reason'), value: <Written>{reason[locale]}</Written> },
        ],
      }
    },
  },
  'case.erasure': {
    faults: 'privacy',
    approvable: grant,
    async show(staff, content) {
      const { number, of, words } = await showOnCase(staff, content)
      return { about: number, rows: [of, words] }
    },
  },
  'case.legal_hold': { faults: 'privacy', approvable: placing, show: showLegalHold },
  'case.legal_hold_end': { faults: 'privacy', approvable: lifting, show: showLegalHold },
  'order.exemption': {
    faults: 'order',
    approvable: exempting,
    async show(staff, { orderId, reason }) {
      const [t, words, order] = await Promise.all([
        getTranslations('approvals'),
        getTranslations('exchange'),
        orderDetail(staff, orderId),
      ])
      const rows = [{ key: 'reason', term: t('reason'), value: <Written>{reason}</Written> }]
      if (order === null) return { about: '', rows }
      const link = (
        <Link className="num" href={{ pathname: '/admin/orders/[order]', params: { order: orderId } }}>
          {order.case.number}
        </Link>
      )
      return {
        about: order.carrier.name,
        rows: [
          { key: 'order', term: t('order'), value: link },
          { key: 'action', term: words('orders.action'), value: words(`action.${order.action}`) },
          { key: 'state', term: words('orders.state'), value: <OrderStateTag order={order} /> },
          ...rows,
        ],
      }
    },
  },
  'order.release': {
    faults: 'release',
    approvable: decidingRelease,
    async show(staff, { releaseId, outcome, reason, withheld }) {
      const [t, words, asked] = await Promise.all([
        getTranslations('approvals'),
        getTranslations('releases'),
        findAskedRelease(staff, releaseId, withheld),
      ])
      const rows = [{ key: 'reason', term: t('reason'), value: <Written>{reason}</Written> }]
      if (asked === null) return { about: '', rows }
      const what = asked.withheld.length > 0 ? 'some' : outcome
      return {
        about:
          asked.carrierId === null
            ? words('causes.guard')
            : words('causes.choice', { carrier: await relayCarrierName(asked.carrierId) }),
        rows: [
          { key: 'outcome', term: t('outcome'), value: words(`ask_${what}`) },
          ...(asked.withheld.length === 0
            ? []
            : [
                {
                  key: 'withheld',
                  term: words('case_withheld'),
                  value: <span className="num">{asked.withheld.join(', ')}</span>,
                },
              ]),
          {
            key: 'cases',
            term: words('cases'),
            value: (
              <Link
                className="num"
                href={{ pathname: '/admin/orders/releases/[release]', params: { release: releaseId } }}
              >
                {asked.cases}
              </Link>
            ),
          },
          ...rows,
        ],
      }
    },
  },
  'order.shared_words': {
    faults: 'shared_words',
    approvable: judging,
    async show(_, { carrierId, verdict, note, words }) {
      const [t, own] = [await getTranslations('approvals'), await getTranslations('carrier-flags.words')]
      return {
        about: await carrierWords(carrierId),
        rows: [
          { key: 'words', term: t('words'), value: <span className="num">{words}</span> },
          { key: 'verdict', term: t('outcome'), value: own(verdict) },
          { key: 'note', term: own('note'), value: <Written>{note}</Written> },
        ],
      }
    },
  },
  'carrier.key': { faults: 'exchange', approvable: newKey, show: showCarrier },
  'carrier.secret': { faults: 'delivery', approvable: newSecret, show: showCarrier },
  'carrier.way': {
    faults: 'delivery',
    approvable: newWay,
    async show(_, { carrierId, way, url }) {
      const [t, words] = [await getTranslations('approvals'), await getTranslations('delivery')]
      const rows = [
        { key: 'way', term: words('way'), value: words(way) },
        ...(url === '' ? [] : [{ key: 'url', term: t('url'), value: url }]),
      ]
      return { about: await carrierWords(carrierId), rows }
    },
  },
  'carrier.mode': {
    faults: 'release',
    approvable: newMode,
    async show(_, { carrierId, releaseMode, releaseTimes }) {
      const t = await getTranslations('releases.mode')
      const value = releaseMode === 'at_times' ? t('at', { times: releaseTimes.join(', ') }) : t(releaseMode)
      return { about: await carrierWords(carrierId), rows: [{ key: 'mode', term: t('how'), value }] }
    },
  },
  'receiver.key': { faults: 'alerts', approvable: newReceiverKey, show: showReceiver },
  'receiver.secret': { faults: 'delivery', approvable: newReceiverSecret, show: showReceiver },
  'receiver.address': {
    faults: 'delivery',
    approvable: newReceiverAddress,
    async show(_, { receiverId, url }) {
      const [t, words] = [await getTranslations('approvals'), await getTranslations('alerts.receiver')]
      const value = url === '' ? words('reads') : url
      return { about: await receiverName(receiverId), rows: [{ key: 'url', term: t('url'), value }] }
    },
  },
}

const reasonRows = async ({ reasonVi, reasonEn }: { reasonVi: string; reasonEn: string | null }) => {
  const t = await getTranslations('approvals')
  return [
    { key: 'reason', term: t('reason'), value: <Written>{reasonVi}</Written> },
    ...(reasonEn === null
      ? []
      : [{ key: 'reason_en', term: t('reason_en'), value: <Written>{reasonEn}</Written> }]),
  ]
}

async function showOnCase(staff: StaffActor, content: { readonly caseId: string; readonly seq: number }) {
  const [t, proposed] = [await getTranslations('approvals'), await readProposedWords(staff, content)]
  const { number = '', words = '' } = proposed ?? {}
  const link = (
    <Link className="num" href={{ pathname: '/admin/cases/[number]', params: { number } }}>
      {number}
    </Link>
  )
  return {
    t,
    number,
    of: { key: 'case', term: t('case'), value: proposed && link },
    words: { key: 'reason', term: t('reason'), value: <Written>{words}</Written> },
  }
}

async function showLegalHold(
  staff: StaffActor,
  content: ContentOf<'case.legal_hold' | 'case.legal_hold_end'>,
): Promise<Shown> {
  const { t, number, of, words } = await showOnCase(staff, content)
  const basis = { key: 'basis', term: t('basis'), value: <Written>{content.basis}</Written> }
  return { about: number, rows: [of, basis, words] }
}

const carrierWords = async (id: string | null): Promise<string> =>
  id === null ? (await getTranslations('releases.mode'))('all') : await relayCarrierName(id)

async function showCarrier(_: StaffActor, { carrierId }: { readonly carrierId: string }): Promise<Shown> {
  return { about: await carrierWords(carrierId), rows: [] }
}

async function showReceiver(_: StaffActor, { receiverId }: { readonly receiverId: string }): Promise<Shown> {
  return { about: await receiverName(receiverId), rows: [] }
}

async function showPost(
  staff: StaffActor,
  content: { readonly accountId: string; readonly before: Post },
): Promise<Shown> {
  const { t, about, address } = await showAccount(staff, content)
  return { about, rows: [address, { key: 'now', term: t('post'), value: await postWords(content.before) }] }
}

async function postWords({ role, unitId, agencyId, carrierId }: Post): Promise<string> {
  const [t, areas, rated, carriers] = await Promise.all([
    getTranslations('admin.role'),
    allUnits(),
    listKnownAgencies(new Date()),
    carrierNames(),
  ])
  const place = [
    await nameStaff(areas, unitId),
    await nameStaff(rated, agencyId),
    carriers.find(({ id }) => id === carrierId)?.name,
  ]
  return [t(role), ...place].filter(Boolean).join(', ')
}
