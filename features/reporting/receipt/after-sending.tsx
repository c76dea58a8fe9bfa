import { getLocale, getTranslations } from 'next-intl/server'
import { Button } from '#components/ui/button.tsx'
import { Timeline } from '#components/ui/timeline.tsx'
import { writtenTag } from '#components/ui/written.tsx'
import { maskContact } from '#features/cases/contacts/rules.ts'
import type { Contact } from '#features/cases/particulars/rules.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { sentFrom } from '#messages/sender.ts'

export async function NextSteps(props: {
  readonly district: string
  /** Null for a person without a contact. */
  readonly contact: Contact | null
  readonly clocks: { readonly firstAction: Instant; readonly decision: Instant }
  /** The report has no IMEI, so nothing can be blocked yet. */
  readonly imeiUnknown: boolean
}) {
  const { district, contact, clocks, imeiUnknown } = props
  const [t, locale] = await Promise.all([getTranslations('report.receipt'), getLocale()])
  const before = (at: Instant) => t('before', { at: formatInstant(locale, at, 'moment') })
  const step = (key: string, title: string, when: string) =>
    ({ key, title, when: 'next', children: <p className="text-sm">{when}</p> }) as const
  return (
    <section className="stack">
      <Timeline
        entries={[
          step('review', t('nextReview', { district }), before(clocks.firstAction)),
          // A phone without an IMEI gets no decision yet, so no date is promised.
          ...(imeiUnknown ? [step('imei', t('nextFindImei'), t('nextImei'))] : []),
          step('decision', t('nextDecision'), imeiUnknown ? t('nextDecisionImei') : before(clocks.decision)),
          step('block', t('nextBlock'), t('nextBlockWhen')),
        ]}
      />
      <p>{contact === null ? t('nextOnPaper') : t('nextMessage', { contact: maskContact(contact) })}</p>
    </section>
  )
}

/** Explains whether the report counts as a report of a crime; for a phone that was dropped or left behind it does not. */
export async function CrimeReport({ lost }: { readonly lost: boolean }) {
  const t = await getTranslations('report.receipt')
  return (
    <section className="stack">
      <p>{t.rich('crimeText', writtenTag)}</p>
      <p>{t(lost ? 'crimeLost' : 'crimeGo')}</p>
      <p>{t('crimeCall')}</p>
    </section>
  )
}

/**
 * Warns against saved pictures on a borrowed device, and clears it. At the desk this would sign the officer out: see DeskDone.
 */
export async function LeaveDevice() {
  const [t, locale] = await Promise.all([getTranslations('report.receipt'), getLocale()])
  return (
    <form method="post" action={sentFrom(locale, '/api/case/end')} className="leave">
      <div>
        <p className="font-semibold">{t('borrowed')}</p>
        <p>{t('borrowedText')}</p>
      </div>
      <Button>{t('clear')}</Button>
    </form>
  )
}
