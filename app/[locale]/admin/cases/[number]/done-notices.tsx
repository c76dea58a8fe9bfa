import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Icon } from '#components/ui/icon.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { buttonOf, CASE_DECISIONS } from '#features/cases/decisions/rules.ts'
import { parseCaseNumber } from '#features/cases/numbers/rules.ts'
import type { Counted } from '#features/cases/queue/data.ts'
import { QUEUE_GROUPS, type QueueView, WHOLE_QUEUE, writeQueueFilter } from '#features/cases/queue/rules.ts'

const DATA_DONE = {
  data_request: 'requests.done',
  data_extended: 'requests.extended_done',
  data_proposed: 'requests.proposed_done',
  legal_hold_proposed: 'hold.proposed_done',
} as const

type Sent = Readonly<Record<string, string | string[] | undefined>>

function readNumber(written: string | string[] | undefined): string | null {
  const number = typeof written === 'string' ? parseCaseNumber(written) : null
  return number?.ok ? number.value : null
}

/** Shows the result named by the page's address, on this case or the one before it. */
export async function DoneNotices({ sent, number }: { readonly sent: Sent; readonly number: string }) {
  const [t, sim, words] = await Promise.all([
    getTranslations('case-staff'),
    getTranslations('case-sim'),
    getTranslations('case-data'),
  ])
  const { done } = sent
  const made = CASE_DECISIONS.find((decision) => decision === done)
  if (made) {
    const of = readNumber(sent.of)
    const decision = t(`decision.${made}.button`)
    const title =
      buttonOf(made).on === 'conflict'
        ? t('uphold.done', { number: readNumber(sent.upheld) ?? number })
        : t('page.done', { decision })
    return (
      <>
        <Done of={of}>{of === null ? title : decision}</Done>
        {sent.closed === undefined ? null : <Notice tone="wait" title={t('page.unopened_taken')} />}
      </>
    )
  }
  const title =
    done === 'add_document'
      ? t('document.done')
      : done === 'desk_act'
        ? t('at_desk.done')
        : done === 'add_contact'
          ? t('desk_contact.done')
          : done === 'ask_carrier'
            ? sim('done')
            : typeof done === 'string' && Object.hasOwn(DATA_DONE, done)
              ? words(DATA_DONE[done as keyof typeof DATA_DONE])
              : null
  if (title === null) return null
  return <Done of={null}>{title}</Done>
}

/**
 * Shows the result in one line at the bottom, with a link to its case if that is another one. On a desktop the key bar replaces
 * it after some seconds; the list beside the case shows the result from then on.
 */
function Done({ of, children }: { readonly of: string | null; readonly children: ReactNode }) {
  return (
    <p role="status" className="done-strip" data-done-of={of ?? undefined}>
      <Icon name="check" size={16} />
      <span>
        {children}
        {of === null ? null : (
          <>
            {' · '}
            <Link className="num" href={{ pathname: '/admin/cases/[number]', params: { number: of } }}>
              {of}
            </Link>
          </>
        )}
      </span>
    </p>
  )
}

/** Shows the last decision on the queue if the list has no next case, and links to lists that have one. */
export async function NothingLeft({
  sent,
  view,
  counts,
}: {
  readonly sent: Sent
  readonly view: QueueView
  readonly counts: ReadonlyMap<QueueView, Counted>
}) {
  const t = await getTranslations('case-staff')
  const made = CASE_DECISIONS.find((decision) => decision === sent.done)
  const of = readNumber(sent.of)
  if (!made || of === null) return null
  const others = QUEUE_GROUPS.todo.filter((one) => one !== view && (counts.get(one)?.count ?? 0) > 0)
  return (
    <>
      <Done of={of}>{t(`decision.${made}.button`)}</Done>
      <Notice tone="ok" title={t('page.nothing_left', { list: t(`queue.view.${view}`) })}>
        {others.length === 0 ? null : (
          <p className="flex flex-wrap gap-x-4">
            {t('page.other_lists')}{' '}
            {others.map((one) => (
              <Link
                key={one}
                href={{ pathname: '/admin/cases', query: writeQueueFilter({ ...WHOLE_QUEUE, view: one }) }}
              >
                {t(`queue.view.${one}`)} {counts.get(one)?.count}
                {counts.get(one)?.more ? '+' : ''}
              </Link>
            ))}
          </p>
        )}
      </Notice>
    </>
  )
}
