import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Card } from '#components/ui/card.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Num } from '#components/ui/num.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { Time } from '#components/ui/time.tsx'
import { openWith } from '#features/cases/disclosure/rules.ts'
import type { CaseFileView } from '#features/cases/file/page-data.ts'
import { holdWaitsUntil } from '#features/cases/moves/rules.ts'
import { Due } from '#features/cases/queue/due.tsx'
import { turnOf } from '#features/cases/queue/rules.ts'
import { type CaseSnapshot, heldFor } from '#features/cases/record/snapshot-rules.ts'
import { namedState, OVER_STATES } from '#features/cases/record/state-rules.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'

interface CaseHeaderProps {
  readonly view: CaseFileView
  readonly readerId: string
  readonly now: Instant
  /** True where the take bar already says that the case has no officer. */
  readonly free: boolean
  readonly children?: ReactNode
}

/** Returns whether a case was imported from police's own records, so that it was filed neither online nor at a desk. */
export const imported = ({ events }: Pick<CaseFileView, 'events'>): boolean =>
  events.some(({ move }) => move === 'imported')

export async function CaseHeader({ view, readerId, now, free, children }: CaseHeaderProps) {
  const t = await getTranslations('case-staff')
  const { snapshot } = view
  const turn = turnOf({
    ...snapshot,
    held: heldFor(snapshot),
    unblockVerified: snapshot.unblockVerifiedById !== null,
  })
  const filedBy = snapshot.filedById && view.names.get(snapshot.filedById)
  return (
    <div className="case-head">
      <div className="case-title">
        <h1 className="text-xl">
          <span className="sr-only">{t('page.kicker')} </span>
          <Num value={snapshot.number} copy />
        </h1>
        <Tag>{t(`state.${namedState(snapshot)}`)}</Tag>
        <Due
          {...snapshot}
          held={heldFor(snapshot)}
          dueAt={snapshot.sharedDueAt ?? snapshot.dueAt}
          holdWaitsUntil={holdWaitsUntil(snapshot)}
          now={now}
        />
        <span className="text-soft" data-turn={turn ?? undefined}>
          {turn ? t(`turn.${turn}`) : view.assigneeName || free ? null : t('page.nobody')}
          {turn && view.assigneeName ? ' · ' : null}
          {view.assigneeName
            ? t(turn || OVER_STATES.includes(snapshot.state) ? 'page.officer' : 'page.holder', {
                name: view.assigneeName,
              })
            : null}
        </span>
        {openWith(view, readerId, now).map(({ accountId, at }) => (
          <span
            key={accountId}
            className="flex items-center gap-1.5 text-saffron-deep"
            data-open-with={accountId}
          >
            <Icon name="unlock" size={16} />
            <span>
              {t('page.open_with', { name: view.names.get(accountId) ?? '' })} <Time at={at} form="time" />
            </span>
          </span>
        ))}
        {filedBy ? (
          <span className="text-soft">
            {t(imported(view) ? 'page.imported_by' : 'page.filed_by', { name: filedBy })}
          </span>
        ) : null}
      </div>
      <div className="print-hidden ml-auto">{children}</div>
    </div>
  )
}

export async function ErasedFile({ snapshot }: { readonly snapshot: CaseSnapshot }) {
  const [t, words, language] = await Promise.all([
    getTranslations('case-data.erased'),
    getTranslations('case-staff'),
    getLocale(),
  ])
  const at = snapshot.erasedAt ?? snapshot.stateSince
  const date = formatInstant(language === 'en' ? 'en' : 'vi', at, 'date')
  return (
    <div
      className="stack-l"
      data-case-status={snapshot.state}
      data-case-number={snapshot.number}
      data-case-erased
    >
      <h1 className="text-2xl sm:text-3xl">
        <span className="block text-sm font-normal text-soft">{words('page.kicker')}</span>
        <Num value={snapshot.number} copy className="flex-wrap" />
      </h1>
      <p>
        <Tag>{words(`state.${namedState(snapshot)}`)}</Tag>
      </p>
      <Card>
        <h2>{t('title')}</h2>
        <p>{t('text', { date })}</p>
      </Card>
    </div>
  )
}
