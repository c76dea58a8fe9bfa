import { getTranslations } from 'next-intl/server'
import { Notice } from '#components/ui/notice.tsx'
import { buttonOf, CASE_DECISIONS } from '#features/cases/rules/decisions.ts'
import { parseCaseNumber } from '#features/cases/rules/number.ts'

/** The words for an act about personal data that is done, by the act's name in the address. */
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

/** Says what the page's own address tells that was done, on this case or on the one before it. */
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
        : of === null
          ? t('page.done', { decision })
          : t('page.done_of', { decision, number: of })
    return (
      <div role="status" data-done-of={of ?? undefined}>
        <Notice tone="ok" title={title}>
          {of === null ? null : <p>{t('page.next_here')}</p>}
          {sent.closed === undefined ? null : <p>{t('page.unopened_taken')}</p>}
        </Notice>
      </div>
    )
  }
  const title =
    done === 'add_document'
      ? t('document.done')
      : done === 'desk_act'
        ? t('at_desk.done')
        : done === 'ask_carrier'
          ? sim('done')
          : typeof done === 'string' && Object.hasOwn(DATA_DONE, done)
            ? words(DATA_DONE[done as keyof typeof DATA_DONE])
            : null
  if (title === null) return null
  return (
    <div role="status">
      <Notice tone="ok" title={title} />
    </div>
  )
}

/** Says on the queue what was decided last, where there was no next case to open. */
export async function NothingLeft({ sent }: { readonly sent: Sent }) {
  const t = await getTranslations('case-staff')
  const made = CASE_DECISIONS.find((decision) => decision === sent.done)
  const of = readNumber(sent.of)
  if (!made || of === null) return null
  return (
    <div role="status" data-done-of={of}>
      <Notice tone="ok" title={t('page.done_of', { decision: t(`decision.${made}.button`), number: of })}>
        <p>{t('page.nothing_left')}</p>
      </Notice>
    </div>
  )
}
