import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { Card } from '#components/ui/card.tsx'
import { Details } from '#components/ui/details.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Imei } from '#components/ui/num.tsx'
import { Timeline } from '#components/ui/timeline.tsx'
import { Written } from '#components/ui/written.tsx'
import { Refused } from '#features/cases/citizen/act-words.tsx'
import { EndVisit } from '#features/cases/citizen/end-visit.tsx'
import { WhoLooked } from '#features/cases/disclosure/who-looked.tsx'
import { LastBoxCard } from '#features/cases/remedies/last-box.tsx'
import { CarriersTable } from '#features/cases/standing/carriers-table.tsx'
import { whoLooked } from '#features/disclosures/openings/data.ts'
import { findSentObjection } from '#features/disputes/drafts/data.ts'
import { HolderActCard } from '#features/disputes/objections/holder-acts.tsx'
import { HOLDER_ACTS, type HolderAct } from '#features/disputes/objections/moves-rules.ts'
import {
  chapterOf,
  holderBox,
  objectionWords,
  unitForHolder,
} from '#features/disputes/objections/page-rules.ts'
import { objectionMovesOpen } from '#features/disputes/objections/rules.ts'
import {
  type ObjectionCourse,
  objectionForHolder,
  objectionStatus,
} from '#features/disputes/objections/view-data.ts'
import { hearingState } from '#features/disputes/sides/rules.ts'
import { EvidenceList } from '#features/evidence/files/evidence-list.tsx'
import { listEvidence } from '#features/evidence/files/page-data.ts'
import { CityLine } from '#features/hotlines/lines.tsx'
import { latenessOf } from '#features/lateness/data.ts'
import { LateCard } from '#features/lateness/late-card.tsx'
import { lateNow, owedOnObjection } from '#features/lateness/rules.ts'
import { citySettings, lawsInForce } from '#features/lookup-tables/data.ts'
import { LeaveDevice } from '#features/reporting/receipt/after-sending.tsx'
import { ReceiptSlip } from '#features/reporting/receipt/receipt-slip.tsx'
import { wordsFor } from '#http/action.ts'
import { objectionCookie, openObjection, takeObjectionFlash } from '#http/objection.ts'
import type { Access } from '#lib/access/access.ts'
import type { ActFlash, RefusedFlash } from '#lib/flash.ts'
import { formatInstant } from '#messages/dates.ts'
import { pathFor } from '#messages/paths.ts'
import { complainLateAction } from '../actions.ts'

export const access = 'holder of an objection’s cookie' satisfies Access

export async function generateMetadata({
  params,
}: PageProps<'/[locale]/blocked/follow/[number]'>): Promise<Metadata> {
  const [t, { number }] = await Promise.all([getTranslations('objection.page'), params])
  return {
    title: t('metaTitle', { number: decodeURIComponent(number) }),
    robots: { index: false, follow: false },
  }
}

export default async function ObjectionPage({ params }: PageProps<'/[locale]/blocked/follow/[number]'>) {
  const now = new Date()
  const number = decodeURIComponent((await params).number)
  const [locale, visit] = await Promise.all([getLocale(), openObjection(now)])
  const full = visit?.access === 'full'
  const read = full ? objectionForHolder : objectionStatus
  const view = visit?.number === number ? await read(visit.scope, visit.id) : null
  // An unknown objection, no session and a session for another objection must look the same from outside.
  if (!visit || !view) redirect(pathFor(locale, { pathname: '/blocked/follow', query: { number } }))
  const { snapshot: o } = view
  const [t, looked, evidence, left, sent] = await Promise.all([
    getTranslations('objection'),
    full ? whoLooked(visit.scope, visit.id) : null,
    listEvidence(visit.scope, visit.id),
    visit.hasFlash ? takeObjectionFlash<ActFlash<HolderAct>>() : null,
    objectionCookie().then((cookie) => (cookie === null ? null : findSentObjection(cookie, now))),
  ])
  const lateness = await latenessOf(visit.scope, visit.id)
  const late = lateNow(lateness, owedOnObjection(o), now)
  const refused = left && !left.done ? { act: left.act, state: await refusedState(left) } : null
  const acts = full ? objectionMovesOpen(o, {}, { kind: 'citizen' }, now, HOLDER_ACTS) : []
  const waits = o.state === 'open' || o.state === 'info_requested'
  /** The holder has yet to bring the phone. */
  const awaited = o.inspection && o.inspectedAt === null && waits
  const { hotline } = citySettings()
  const secret = sent?.id === o.id ? sent.secret : null
  const chapter = chapterOf(o, view.events)
  const hearing = hearingState(o, now)
  const { headline, need } = objectionWords(chapter, hearing, full, acts.includes('renew'))
  const asked = o.state === 'info_requested' || (chapter === 'reviewed' && hearing === 'open')
  const tone = asked ? 'wait' : o.state === 'granted' ? 'ok' : 'info'
  const box = holderBox(o, view.events, lawsInForce().remedies, now)
  return (
    <article className="stack-l" data-objection-status={o.state} data-objection-number={o.number}>
      {left?.done ? (
        <div role="status">
          <Notice tone="ok" title={t(`act.${left.act}.done`)} />
        </div>
      ) : null}
      <Refused refused={refused} acts={acts} />
      <div className="stack">
        {secret === null ? (
          <p className="text-soft">
            {t('page.kicker')} <span className="num">{o.number}</span>
          </p>
        ) : null}
        {/* Small, so that the number to copy and the way out are on a phone's first screen. */}
        <h1 className={secret === null ? undefined : 'max-md:text-2xl'}>
          {t(`headline.${headline}` as 'headline.open')}
        </h1>
        {secret === null ? null : <SecretCard number={o.number} secret={secret} />}
        {full ? (
          <p className="text-soft">
            {t('page.imei')} <Imei value={o.imei} />
          </p>
        ) : (
          <p data-without-secret>
            {t.rich('page.statusOnly', {
              open: (words) => (
                <Link href={{ pathname: '/blocked/follow', query: { number: o.number } }}>{words}</Link>
              ),
            })}
          </p>
        )}
      </div>
      <div className="grid gap-x-12 gap-y-8 md:grid-cols-[minmax(0,1fr)_21rem] md:grid-rows-[auto_1fr]">
        <div className="stack md:col-start-2">
          <Notice tone={tone} title={t('page.need')}>
            <p>
              {t(`need.${need}` as 'need.reviewed', {
                until: o.hearingUntil ? formatInstant(locale, o.hearingUntil, 'moment') : '',
              })}
            </p>
            {waits && o.state === 'open' && view.undecided ? (
              <p data-undecided>{t('page.undecided')}</p>
            ) : waits ? (
              <p>
                {t(o.state !== 'open' ? 'page.answerBy' : o.dueAt < now ? 'page.late' : 'page.due', {
                  time: formatInstant(locale, o.dueAt, 'moment'),
                })}
              </p>
            ) : null}
          </Notice>
          <LateCard
            number={number}
            all={lateness}
            late={late}
            unit={null}
            action={complainLateAction}
            now={now}
          />
          {awaited ? (
            <Notice tone="wait" title={t('page.inspectionTitle')}>
              <p>{t('page.inspectionText', { number: o.number })}</p>
              <CityLine hotline={hotline} />
            </Notice>
          ) : null}
        </div>
        <div className="stack-l md:col-start-1 md:row-span-2 md:row-start-1">
          {box === null ? null : (
            <LastBoxCard box={box} unit={unitForHolder(box)} place={full ? 'page' : 'secret'} />
          )}
          {acts
            .filter((act) => act !== 'withdraw')
            .map((act) => (
              <HolderActCard
                key={act}
                act={act}
                number={o.number}
                version={o.version}
                state={refused?.act === act ? refused.state : undefined}
              />
            ))}
          {view.carriers.length > 0 ? (
            <Card>
              <h2>{t('page.carriers')}</h2>
              <CarriersTable carriers={view.carriers} authority={view.authority} now={now} />
            </Card>
          ) : null}
          <section className="stack">
            <h2>{t('page.history')}</h2>
            <History events={view.events} />
          </section>
          {/* Naming the district would reveal where the phone was reported. */}
          {looked === null ? null : <WhoLooked looked={looked} units={null} />}
        </div>
        <aside className="stack md:col-start-2">
          {full ? (
            <Card>
              <h2 className="text-lg md:text-xl">{t('page.yours')}</h2>
              <Details summary={t('page.files', { count: evidence.length })}>
                <EvidenceList items={evidence} />
              </Details>
              <p>
                <a href="/api/objection/data" download>
                  {t('page.data')}
                </a>
              </p>
            </Card>
          ) : null}
          {awaited ? null : <CityLine hotline={hotline} />}
          {acts.includes('withdraw') ? (
            <HolderActCard
              act="withdraw"
              number={o.number}
              version={o.version}
              state={refused?.act === 'withdraw' ? refused.state : undefined}
            />
          ) : null}
          {secret === null ? <EndVisit /> : null}
        </aside>
      </div>
    </article>
  )
}

async function History({ events }: Pick<ObjectionCourse, 'events'>) {
  const [t, codes] = await Promise.all([
    getTranslations('objection.event'),
    getTranslations('objection.reason'),
  ])
  return (
    <Timeline
      entries={events.map(({ seq, at, move, reasonCode, words }, index) => ({
        key: String(seq),
        title: t(move as 'reply'),
        when: index === 0 ? ('now' as const) : ('done' as const),
        at,
        children:
          reasonCode || words.message ? (
            <div className="space-y-1 text-sm">
              {reasonCode && codes.has(reasonCode as 'other') ? <p>{codes(reasonCode as 'other')}</p> : null}
              {words.message ? (
                <p className="wrap-anywhere whitespace-pre-line">
                  <Written>{words.message}</Written>
                </p>
              ) : null}
            </div>
          ) : null,
      }))}
    />
  )
}

async function refusedState({ values, faults }: RefusedFlash<HolderAct>) {
  const { form, ...errors } = await wordsFor(faults)
  return { values, errors, ...(form && { notice: form }) }
}

/** Shows number and secret for keeping, only to the browser that sent the objection and for a day. */
async function SecretCard({ number, secret }: { readonly number: string; readonly secret: string }) {
  const t = await getTranslations('objection.receipt')
  return (
    <div className="stack max-w-[36rem]">
      <ReceiptSlip
        of="objection"
        number={number}
        secret={secret}
        labels={{ number: t('number'), secret: t('secret') }}
      />
      <div className="print-hidden">
        <LeaveDevice />
      </div>
      <p className="text-sm text-soft">{t('day')}</p>
    </div>
  )
}
