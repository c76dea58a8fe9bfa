import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { Card } from '#components/ui/card.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Imei, Num } from '#components/ui/num.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { Timeline } from '#components/ui/timeline.tsx'
import { Written } from '#components/ui/written.tsx'
import { allUnits } from '#features/areas/data.ts'
import { DisclosureForm } from '#features/cases/disclosure/disclosure-form.tsx'
import { OpeningsList } from '#features/cases/disclosure/openings-list.tsx'
import { movesOpenTo } from '#features/cases/moves/lifecycle-rules.ts'
import { claimOf } from '#features/cases/proof/checklist.tsx'
import { Due } from '#features/cases/queue/due.tsx'
import { OBJECTION_DECISIONS } from '#features/disputes/objections/moves-rules.ts'
import { ObjectionDecisionForm } from '#features/disputes/objections/objection-decision-form.tsx'
import { objectionMovesOpen, type SentState } from '#features/disputes/objections/rules.ts'

import { type ObjectionForPolice, objectionForPolice } from '#features/disputes/objections/view-data.ts'
import { isHeard } from '#features/disputes/sides/rules.ts'
import { listEvidence } from '#features/evidence/files/page-data.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { MayDecide } from '../../may-decide.tsx'
import { StepUpField } from '../../step-up-field.tsx'
import { decideAction, discloseAction } from './actions.ts'
import { Sides } from './sides.tsx'

export const access = 'case:read' satisfies Access

export async function generateMetadata({
  params,
}: PageProps<'/[locale]/admin/objections/[objection]'>): Promise<Metadata> {
  const [{ objection: number }, t] = await Promise.all([params, getTranslations('objection-staff')])
  return { title: t('page.title', { number: decodeURIComponent(number) }) }
}

export default async function ObjectionFilePage({
  params,
  searchParams,
}: PageProps<'/[locale]/admin/objections/[objection]'>) {
  const staff = await requireStaff(access)
  const [{ objection: number }, { done }, locale, t, faults] = await Promise.all([
    params,
    searchParams,
    getLocale(),
    getTranslations('objection-staff'),
    getTranslations('faults'),
  ])
  const now = new Date()
  const view = await objectionForPolice(staff, decodeURIComponent(number), now)
  if (!view) notFoundPage(locale)
  const { snapshot: o } = view
  const c = view.against?.snapshot
  const blockedFiles = c ? await listEvidence(view.scope, c.id, false) : []
  const { foundBlockRight = false, wroteDown = false } = view.against ?? {}
  const open = objectionMovesOpen(o, { foundBlockRight, wroteDown }, staff, now, OBJECTION_DECISIONS).filter(
    (decision) =>
      decision !== 'uphold' ||
      (view.heard && c && movesOpenTo(c, staff, now, ['uphold_objection']).length > 0),
  )
  const made = OBJECTION_DECISIONS.find((decision) => decision === done)
  const waits = o.state === 'open' || o.state === 'info_requested'
  return (
    <div className="stack-l" data-objection-number={o.number} data-objection-status={o.state}>
      <div className="stack">
        <p>
          <Link href="/admin/objections">{t('page.back')}</Link>
        </p>
        <h1 className="text-2xl sm:text-3xl">
          <span className="block text-sm font-normal text-soft">{t('page.kicker')}</span>
          <Num value={o.number} copy className="flex-wrap" />
        </h1>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <Tag>{t(`states.${o.state as SentState}`)}</Tag>
          {waits ? (
            <Due
              state={o.state === 'info_requested' ? 'info_requested' : 'under_review'}
              dueAt={o.dueAt}
              withdrawEffectiveAt={null}
              held={null}
              now={now}
            />
          ) : null}
          <Imei value={o.imei} />
        </div>
        {open.length > 0 ? (
          <p>
            <a className="button" data-look="quiet" data-size="small" href="#work">
              <Icon name="edit" />
              {t('page.toDecision')}
            </a>
          </p>
        ) : null}
      </div>
      <div className="stack">
        {made ? (
          <div role="status">
            <Notice tone="ok" title={t('page.done', { decision: t(`decision.${made}.button`) })} />
          </div>
        ) : null}
        <Flags view={view} now={now} />
      </div>
      {view.openUntil && (view.seenAll || !open.includes('uphold')) ? (
        <p className="text-soft" role="status" data-open-until={view.openUntil.toISOString()}>
          {t('page.opened', { time: formatInstant(locale, view.openUntil, 'moment') })}
        </p>
      ) : (
        <DisclosureForm
          action={discloseAction}
          number={o.number}
          reason="appeal"
          changed={view.openUntil !== null}
        />
      )}
      <div className="stack">
        <Sides view={view} query={await searchParams} />
        <Card id="work">
          <h2>{t('page.work')}</h2>
          {waits && !view.heard && view.hearingUntil ? (
            <Notice tone="info">
              <p data-hearing>
                {t('page.hearing', { time: formatInstant(locale, view.hearingUntil, 'moment') })}
              </p>
            </Notice>
          ) : null}
          {waits && (foundBlockRight || wroteDown) ? (
            <Notice tone="info">
              <p data-own-block>
                {faults(foundBlockRight ? 'objection.own_block' : 'objection.own_writing')}
              </p>
            </Notice>
          ) : null}
          {open.length === 0 ? (
            <p>{t('page.nothing')}</p>
          ) : (
            <MayDecide>
              <ObjectionDecisionForm
                action={decideAction}
                number={o.number}
                version={o.version}
                open={open}
                claim={{
                  imeis: [{ imei: o.imei, key14: o.imei.slice(0, 14), isPublic: true }],
                  kinds: [...view.evidence, ...blockedFiles].map(({ kind }) => kind),
                  name: view.holder.fullName,
                  device: view.against ? claimOf(view.against).device : '',
                }}
                code={<StepUpField kind="decision" />}
              />
            </MayDecide>
          )}
        </Card>
      </div>
      <History view={view} />
    </div>
  )
}

async function History({ view }: { readonly view: ObjectionForPolice }) {
  const [t, locale, police] = await Promise.all([getTranslations('objection-staff'), getLocale(), allUnits()])
  const areas = new Map(police.map(({ id, nameVi, nameEn }) => [id, locale === 'en' ? nameEn : nameVi]))
  const who = ({ actorKind, actorId, actorUnitId }: ObjectionForPolice['events'][number]) => {
    if (actorKind !== 'staff') return t(`actor.${actorKind}`)
    return [(actorId && view.names.get(actorId)) || t('actor.staff'), actorUnitId && areas.get(actorUnitId)]
      .filter(Boolean)
      .join(', ')
  }
  return (
    <section className="stack">
      <h2>{t('page.history')}</h2>
      <Timeline
        entries={view.events.map((event) => ({
          key: String(event.seq),
          title: t(`move.${event.move}`),
          when: 'done' as const,
          at: event.at,
          children: (
            <div className="space-y-1 text-sm">
              <p className="text-soft">{who(event)}</p>
              {event.reasonCode ? <p>{t(`code.${event.reasonCode}` as 'code.other')}</p> : null}
              <p className="wrap-anywhere whitespace-pre-line">
                <Written>{event.words.message ?? event.words.reason}</Written>
              </p>
            </div>
          ),
        }))}
      />
      <OpeningsList openings={view.openings} names={view.names} areas={areas} />
    </section>
  )
}

async function Flags({ view, now }: { readonly view: ObjectionForPolice; readonly now: Instant }) {
  const [t, locale] = await Promise.all([getTranslations('objection-staff'), getLocale()])
  const { flags, snapshot: o, against } = view
  const open = o.state === 'open' || o.state === 'info_requested'
  const c = against?.snapshot
  const moment = (at: Instant) => formatInstant(locale, at, 'moment')
  const toCase = c ? (
    <Link href={{ pathname: '/admin/cases/[number]', params: { number: c.number } }}>
      {t('page.toCase', { number: c.number })}
    </Link>
  ) : null
  const said = (
    [
      ['temporary', open && c?.holdUntil],
      ['renewed', open && o.renewedAt],
      ['shared', flags.shared],
      ['same_person', flags.samePerson],
    ] as const
  ).filter(([, holds]) => holds)
  return (
    <>
      {open && c?.state === 'unblock_review' && c.unblockVerifiedById ? (
        <Notice tone="info" title={t('page.upheldTitle')}>
          <p>
            {t('page.upheldText')} {toCase}
          </p>
        </Notice>
      ) : null}
      {o.state === 'granted' && o.hearingUntil ? (
        <Notice title={t('flags.review')}>
          <p data-hearing={isHeard(o, now) ? 'over' : 'open'}>
            {isHeard(o, now)
              ? t('flags.review_heard')
              : t('flags.review_runs', { time: moment(o.hearingUntil) })}{' '}
            {toCase}
          </p>
        </Notice>
      ) : null}
      {said.map(([flag]) => (
        <Notice key={flag} title={t(`flags.${flag}`)}>
          <p>{t(`flags.${flag}_text`)}</p>
        </Notice>
      ))}
      {flags.others > 0 ? <Notice title={t('flags.others', { count: flags.others })} /> : null}
      {view.sameFiles.length > 0 ? (
        <Notice title={t('flags.same_file', { count: view.sameFiles.length })} />
      ) : null}
      {open && !view.heard && view.hearingUntil ? (
        <Notice tone="info" title={t('flags.hearing', { time: moment(view.hearingUntil) })}>
          <p>{t('flags.hearing_text')}</p>
        </Notice>
      ) : null}
    </>
  )
}
