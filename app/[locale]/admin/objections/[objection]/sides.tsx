import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import { Table } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { Written } from '#components/ui/written.tsx'
import type { Particulars } from '#features/cases/particulars/rules.ts'
import type { ObjectionForPolice } from '#features/disputes/objections/view-data.ts'
import { EvidenceClosed } from '#features/evidence/files/evidence-closed.tsx'
import { listEvidence } from '#features/evidence/files/page-data.ts'
import { ProofDesk } from '#features/evidence/viewer/proof-desk.tsx'
import type { PageQuery } from '#features/evidence/viewer/rules.ts'
import { formatImei } from '#lib/imei/imei.ts'
import { sayPhone } from '#lib/person/masking.ts'
import { formatInstant } from '#messages/dates.ts'
import { Evidence, pathOfPage, readingOf } from '../../cases/[number]/evidence.tsx'

async function FilesDeleted({ view: { scope, against } }: { readonly view: ObjectionForPolice }) {
  const date = against?.filesDeletedAt
  if (!date || (await listEvidence(scope, against.snapshot.id, false)).length > 0) return null
  const [t, locale] = await Promise.all([getTranslations('case-staff.page'), getLocale()])
  return <p data-files-deleted>{t('files_deleted', { date: formatInstant(locale, date, 'date') })}</p>
}

/** Words and proof of a side. Beside each other, the proofs of both sides begin at the same height. */
const SIDE = 'grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-4 md:row-span-2 md:grid-rows-subgrid'

export async function Sides({
  view,
  query,
}: {
  readonly view: ObjectionForPolice
  readonly query: PageQuery
}) {
  const [t, locale] = await Promise.all([getTranslations('objection-staff'), getLocale()])
  const { against, snapshot: o } = view
  const opened = view.openUntil !== null
  return (
    <div className="stack">
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 md:grid-cols-2">
        <Card className={SIDE} data-side="holder">
          <div className="stack">
            <h2>
              <span className="block text-sm font-normal text-soft">{t('page.holder')}</span>
              <span className="num">{o.number}</span>
            </h2>
            <SummaryList
              rows={[
                {
                  key: 'word',
                  term: t('word.title'),
                  value: <b data-objection-word={view.word}>{view.word}</b>,
                },
              ]}
            />
            <p>{t('word.match', { count: view.screens })}</p>
            {o.inspectedAt ? (
              <p>
                {t('word.inspected', {
                  time: formatInstant(locale, o.inspectedAt, 'moment'),
                  result: t(o.inspectionHeld ? 'word.same' : 'word.differs'),
                })}
              </p>
            ) : o.inspection ? (
              <p>{t('word.inspection')}</p>
            ) : null}
          </div>
          {opened ? (
            <ProofDesk items={view.evidence} same={view.sameFiles} path={await pathOfPage()} query={query} />
          ) : (
            <EvidenceClosed items={view.evidence} same={view.sameFiles} />
          )}
        </Card>
        <Card className={SIDE} data-side="reporter">
          <div className="stack">
            <h2>
              <span className="block text-sm font-normal text-soft">{t('page.reporter')}</span>
              {against ? (
                <Link
                  className="num"
                  href={{ pathname: '/admin/cases/[number]', params: { number: against.snapshot.number } }}
                >
                  {against.snapshot.number}
                </Link>
              ) : null}
            </h2>
            {against ? (
              <>
                <Answer view={view} />
                <FilesDeleted view={view} />
              </>
            ) : (
              <p className="text-soft">{t('page.erased')}</p>
            )}
          </div>
          {against ? (
            <Evidence
              scope={view.scope}
              caseId={against.snapshot.id}
              opened={against.openUntil !== null}
              reading={await readingOf(view.scope, against.snapshot.id, against)}
              claimed={against.imeis}
              query={query}
              keys={false}
              readingBelow
            />
          ) : null}
        </Card>
      </div>
      <Card>
        <h2>{t('page.facts')}</h2>
        <Compared view={view} />
      </Card>
    </div>
  )
}

async function Answer({ view }: { readonly view: ObjectionForPolice }) {
  const [t, locale] = await Promise.all([getTranslations('objection-staff.page'), getLocale()])
  const { sentAt } = view.snapshot
  const answers = (view.against?.events ?? []).filter(
    ({ move, at }) => move === 'answer_objection' && sentAt !== null && at >= sentAt,
  )
  const until = view.hearingUntil
  const noAnswer = (): string => {
    const { closedAt } = view.snapshot
    if (closedAt !== null && until !== null && closedAt < until) return t('noAnswerClosed')
    if (view.heard || until === null) return t('noAnswerOver')
    return t('noAnswer', { time: formatInstant(locale, until, 'moment') })
  }
  return (
    <div className="space-y-1">
      <p className="font-semibold">{t('answers')}</p>
      {answers.length === 0 ? <p className="text-soft">{noAnswer()}</p> : null}
      {answers.map(({ seq, at, words }) => (
        <p key={seq} className="wrap-anywhere whitespace-pre-line">
          <Written>{words.message}</Written>{' '}
          <span className="text-soft">
            <Time at={at} form="moment" />
          </span>
        </p>
      ))}
    </div>
  )
}

/** Compares the two sides fact by fact; the device and the loss come from the reporter only. */
async function Compared({ view }: { readonly view: ObjectionForPolice }) {
  const t = await getTranslations('objection-staff')
  const { holder, against, snapshot: o } = view
  const both = (say: (p: Particulars) => ReactNode) => [
    say(holder),
    against ? say(against.particulars) : null,
  ]
  const facts: Readonly<Record<string, readonly ReactNode[]>> = {
    name: both((p) => p.fullName),
    id: both((p) => <span className="num">{p.nationalId}</span>),
    contact: both(({ contact }) => (
      <span className="wrap-anywhere">
        {contact?.kind === 'phone' ? sayPhone(contact.value) : (contact?.value ?? '–')}
      </span>
    )),
    imei: [[o], against?.imeis].map((imeis) =>
      imeis?.map(({ imei }) => (
        <span key={imei} className="num font-tabular block">
          {formatImei(imei)}
        </span>
      )),
    ),
    device: [
      null,
      against ? [against.brand, against.model, against.colour].filter(Boolean).join(', ') : null,
    ],
    at: [
      o.sentAt ? <Time key="sent" at={o.sentAt} form="moment" /> : null,
      against ? (
        <Time
          key="incident"
          at={against.incidentAt}
          form={against.particulars.incidentDayOnly ? 'date' : 'moment'}
        />
      ) : null,
    ],
    story: both((p) => (
      <span className="wrap-anywhere whitespace-pre-line">
        <Written>{p.story}</Written>
      </span>
    )),
  }
  return (
    <Table
      caption={t('page.facts')}
      captionHidden
      columns={[
        { head: t('page.fact'), cell: ({ key }) => t(`side.${key}` as 'side.name') },
        { head: t('page.holder'), phone: 'below', cell: ({ holder: one }) => one ?? '–' },
        { head: t('page.reporter'), phone: 'below', cell: ({ reporter }) => reporter ?? '–' },
      ]}
      rows={Object.entries(facts).map(([key, [holder, reporter]]) => ({ key, holder, reporter }))}
      keyOf={({ key }) => key}
    />
  )
}
