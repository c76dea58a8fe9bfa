import { getLocale, getTranslations } from 'next-intl/server'
import { Card } from '#components/ui/card.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import type { CaseState } from '../record/state-rules.ts'

export interface WaitingPhone {
  readonly id: string
  readonly foundOn: Instant
  readonly custody: string
}

/**
 * Renders the message that police have the phone: what happened, where to come, what to bring, and the consequence for the block.
 */
export async function FoundCard({
  phone,
  state,
  watched,
}: {
  readonly phone: WaitingPhone
  /** The case's state: no phone is handed over before two people have agreed on its owner. */
  readonly state: CaseState
  readonly watched: boolean
}) {
  const approved = state !== 'verified'
  const lifted = state === 'unblocking' || state === 'unblocked'
  const [t, locale] = await Promise.all([getTranslations('case.found'), getLocale()])
  return (
    <Card data-phone-found={phone.id}>
      <h2>{t('title')}</h2>
      <p>{t('happened', { date: formatInstant(locale, phone.foundOn, 'date') })}</p>
      <SummaryList
        rows={[
          { key: 'where', term: t('where'), value: phone.custody },
          { key: 'when', term: t('when'), value: t(approved ? 'now' : 'later') },
          { key: 'bring', term: t('bring'), value: t('papers') },
          ...(lifted
            ? []
            : [
                {
                  key: 'block',
                  term: t('block'),
                  value: t(watched ? 'watch' : approved ? 'unblock' : 'unblockLater'),
                },
              ]),
        ]}
      />
    </Card>
  )
}
