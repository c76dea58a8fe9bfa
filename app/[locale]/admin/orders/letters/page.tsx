import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { Table } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { TimeLeft } from '#features/cases/queue/due.tsx'
import {
  carriersOnPaper,
  type ListedLetter,
  listLetters,
  type OnPaper,
} from '#features/exchange/letters/data.ts'
import { letterNumber, letterState, readLetterCursor } from '#features/exchange/letters/rules.ts'
import { LetterStateTag } from '#features/exchange/orders/state-tags.tsx'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import { titled } from '#messages/page-title.ts'
import { makeLetterAction } from './actions.ts'

export const access = 'order:read' satisfies Access

export const generateMetadata = titled('letters', 'title')

export default async function LettersPage({ searchParams }: PageProps<'/[locale]/admin/orders/letters'>) {
  const staff = await requireStaff(access)
  const { before: asked } = await searchParams
  const before = readLetterCursor(typeof asked === 'string' ? asked : undefined)
  const [t, page, onPaper] = await Promise.all([
    getTranslations('letters'),
    listLetters(staff, before),
    carriersOnPaper(staff),
  ])
  return (
    <div className="stack-l">
      <PageHeader
        kicker={<Link href="/admin/orders">{t('orders')}</Link>}
        title={t('title')}
        lead={t('lead')}
      />
      <Waiting carriers={onPaper} mayMake={may(staff.role, 'letter:manage')} />
      {page.letters.length === 0 ? (
        <EmptyState title={t('none')}>
          <p>{t('none_text')}</p>
        </EmptyState>
      ) : (
        <LetterTable letters={page.letters} />
      )}
      <Pagination
        {...(before && { previous: '/admin/orders/letters' as const })}
        {...(page.next !== null && {
          next: { pathname: '/admin/orders/letters' as const, query: { before: page.next } },
        })}
      />
    </div>
  )
}

async function Waiting({
  carriers,
  mayMake,
}: {
  readonly carriers: readonly OnPaper[]
  readonly mayMake: boolean
}) {
  const t = await getTranslations('letters')
  if (carriers.length === 0) {
    return (
      <EmptyState title={t('no_carrier')}>
        <p>{t('no_carrier_text')}</p>
      </EmptyState>
    )
  }
  return (
    <Card>
      <h2>{t('waiting')}</h2>
      <ul className="stack">
        {carriers.map(({ carrierId, name, waiting, since }) => (
          <li
            key={carrierId}
            className="flex flex-wrap items-center justify-between gap-3"
            data-carrier={carrierId}
          >
            <span>
              <b>{name}</b>
              <span className="block">
                {waiting > 0 && since ? (
                  <>
                    {t('waiting_lines', { count: waiting })} <Time at={since} />
                  </>
                ) : (
                  t('waiting_none')
                )}
              </span>
            </span>
            {waiting > 0 && mayMake ? (
              <ActionForm action={makeLetterAction} scope={`make-${carrierId}`} className="stack">
                <HiddenField name="carrierId" value={carrierId} />
                <SubmitButton size="small">{t('make')}</SubmitButton>
              </ActionForm>
            ) : null}
          </li>
        ))}
      </ul>
    </Card>
  )
}

async function LetterTable({ letters }: { readonly letters: readonly ListedLetter[] }) {
  const t = await getTranslations('letters')
  const now = new Date()
  const stateOf = (letter: ListedLetter) => letterState({ ...letter, drawn: letter.pdfSha256 !== null })
  return (
    <Table
      caption={t('list')}
      captionHidden
      columns={[
        {
          head: t('number'),
          cell: (letter) => (
            <Link href={{ pathname: '/admin/orders/letters/[letter]', params: { letter: letter.id } }}>
              <span className="num">{letterNumber(letter)}</span>
            </Link>
          ),
        },
        { head: t('carrier'), cell: ({ facts }) => facts.addressee },
        { head: t('rows'), cell: ({ rows }) => <span className="num">{rows}</span> },
        { head: t('state'), cell: (letter) => <LetterStateTag state={stateOf(letter)} /> },
        { head: t('due'), cell: ({ dueAt }) => dueAt && <TimeLeft due={dueAt} now={now} /> },
      ]}
      rows={letters}
      keyOf={({ id }) => id}
      marks={(letter) => ({ 'data-letter': letter.id, 'data-letter-state': stateOf(letter) })}
    />
  )
}
