import { getLocale, getTranslations } from 'next-intl/server'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import { Time } from '#components/ui/time.tsx'
import type { Instant } from '#lib/time.ts'
import { formatDate } from '#messages/dates.ts'
import { type LetterNumber, letterNumber, type WayOnPaper } from '../letters/rules.ts'
import type { OrderAction, OrderReason } from './rules.ts'

type LetterLink = LetterNumber & { readonly id: string }

export async function OrderFacts({
  order,
  opensLetters = false,
}: {
  readonly order: {
    readonly id: string
    readonly action: OrderAction
    readonly reason: OrderReason
    readonly legalBasis: string
    readonly issuedAt: Instant
    readonly dueAt: Instant
    readonly acknowledgedAt: Instant | null
    readonly settledAt: Instant | null
    readonly paper: (WayOnPaper & { readonly letters: readonly LetterLink[] }) | null
  }
  readonly opensLetters?: boolean
}) {
  const [t, locale] = await Promise.all([getTranslations('exchange'), getLocale()])
  const { paper } = order
  const days = [
    { key: 'handed_on', day: paper?.handedOn },
    { key: 'received_on', day: paper?.receivedOn },
  ] as const
  return (
    <Card>
      <h2>{t('order.facts')}</h2>
      <SummaryList
        rows={[
          {
            key: 'id',
            term: t('order.id'),
            value: <span className="num wrap-anywhere whitespace-normal">{order.id}</span>,
          },
          { key: 'action', term: t('order.action'), value: t(`action.${order.action}`) },
          { key: 'reason', term: t('order.reason'), value: t(`reason.${order.reason}`) },
          { key: 'legal', term: t('order.legal_basis'), value: order.legalBasis },
          { key: 'issued', term: t('order.issued'), value: <Time at={order.issuedAt} /> },
          { key: 'due', term: t('order.due'), value: <Time at={order.dueAt} /> },
          ...(paper && paper.letters.length > 0
            ? [
                {
                  key: 'letter',
                  term: t('order.letter'),
                  value: <Letters letters={paper.letters} link={opensLetters} />,
                },
              ]
            : []),
          ...days.flatMap(({ key, day }) =>
            day ? [{ key, term: t(`order.${key}`), value: formatDate(locale, day) }] : [],
          ),
          ...(order.acknowledgedAt
            ? [{ key: 'received', term: t('order.received'), value: <Time at={order.acknowledgedAt} /> }]
            : []),
          ...(order.settledAt
            ? [{ key: 'settled', term: t('order.settled'), value: <Time at={order.settledAt} /> }]
            : []),
        ]}
      />
    </Card>
  )
}

const Letters = ({ letters, link }: { readonly letters: readonly LetterLink[]; readonly link: boolean }) =>
  letters.map((letter) => (
    <span key={letter.id} className="num block">
      {link ? (
        <Link href={{ pathname: '/admin/orders/letters/[letter]', params: { letter: letter.id } }}>
          {letterNumber(letter)}
        </Link>
      ) : (
        letterNumber(letter)
      )}
    </span>
  ))
