import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Select } from '#components/form/choices.tsx'
import { Field, HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Details } from '#components/ui/details.tsx'
import { DoneNotice } from '#components/ui/done-notice.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { Time } from '#components/ui/time.tsx'
import { type Kiosk, listKiosks } from '#features/kiosks/data.ts'
import { KIOSK_CEILING, KIOSK_DAYS } from '#features/kiosks/rules.ts'
import { listAgencies, listKnownAgencies } from '#features/ratings/rating/data.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import type { Instant } from '#lib/time.ts'
import { isUuid } from '#lib/uuid.ts'
import { titled } from '#messages/page-title.ts'
import { nameStaff } from '../../name-of.ts'
import { makeKioskAction, revokeKioskAction } from './actions.ts'

export const access = 'survey:manage' satisfies Access

export const generateMetadata = titled('survey-kiosk.staff', 'title')

const TONES = { live: 'ok', expired: 'wait', ended: 'wait', revoked: 'plain' } as const

export default async function KiosksPage({ searchParams }: PageProps<'/[locale]/admin/survey/kiosks'>) {
  const staff = await requireStaff(access)
  const now = new Date()
  const { after, done } = await searchParams
  const [locale, t, all, page] = await Promise.all([
    getLocale(),
    getTranslations('survey-kiosk.staff'),
    listAgencies(now),
    listKiosks(staff, isUuid(after) ? after : null, now),
  ])
  const names = new Map(all.map(({ id, nameVi, nameEn }) => [id, locale === 'vi' ? nameVi : nameEn]))
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('lead')} />
      {done === 'revoked' ? <DoneNotice title={t('done')} /> : null}
      <Card>
        <h2>{t('new')}</h2>
        <ActionForm action={makeKioskAction} initial={{ days: String(KIOSK_DAYS[1]) }} className="stack">
          <Select
            name="agencyId"
            label={t('agency')}
            placeholder={t('choose')}
            options={[...names].map(([value, label]) => ({ value, label }))}
          />
          <Field name="counter" label={t('counter')} hint={t('counterHint')} width="medium" />
          <Field
            name="ceiling"
            label={t('ceiling')}
            hint={t('ceilingHint', { count: KIOSK_CEILING })}
            inputMode="numeric"
            width="short"
            optional
          />
          <Select
            name="days"
            label={t('days')}
            options={KIOSK_DAYS.map((days) => ({ value: String(days), label: t('daysValue', { days }) }))}
          />
          <p className="actions">
            <SubmitButton>{t('make')}</SubmitButton>
          </p>
        </ActionForm>
      </Card>
      {page.kiosks.length === 0 ? <EmptyState title={t('none')} /> : <Kiosks rows={page.kiosks} now={now} />}
      {page.next === null ? null : (
        <Pagination next={{ pathname: '/admin/survey/kiosks', query: { after: page.next } }} />
      )}
      <Posters names={names} />
    </div>
  )
}

async function Posters({ names }: { readonly names: ReadonlyMap<string, string> }) {
  const t = await getTranslations('survey-posters')
  return (
    <section className="stack" aria-labelledby="posters">
      <h2 id="posters">{t('posters')}</h2>
      <p>{t('postersText')}</p>
      <p>
        <a href="/api/posters">{t('sheet')}</a>
      </p>
      <Details summary={t('each')}>
        <ul className="grid gap-x-6 gap-y-1 sm:grid-cols-2">
          {[...names].map(([id, name]) => (
            <li key={id}>
              <a href={`/api/posters/${id}`}>{name}</a>
            </li>
          ))}
        </ul>
      </Details>
    </section>
  )
}

async function Kiosks({ rows, now }: { readonly rows: readonly Kiosk[]; readonly now: Instant }) {
  const [t, known] = await Promise.all([getTranslations('survey-kiosk.staff'), listKnownAgencies(now)])
  const names = await Promise.all(rows.map(({ agencyId }) => nameStaff(known, agencyId)))
  return (
    <Table
      caption={t('list')}
      columns={[
        { head: t('counter'), cell: ({ counter }) => counter },
        { head: t('agency'), cell: ({ agencyId }, at) => names[at] ?? agencyId },
        {
          head: t('state'),
          cell: ({ state, silent }) =>
            silent ? <Tag tone="wait">{t('silent')}</Tag> : <Tag tone={TONES[state]}>{t(state)}</Tag>,
        },
        { head: t('device'), cell: ({ publicKey }) => t(publicKey === null ? 'noDevice' : 'hasDevice') },
        {
          head: t('seen'),
          cell: ({ seenOn }) => (seenOn === null ? t('never') : <Time at={seenOn} form="date" />),
        },
        { head: t('until'), cell: ({ expiresAt }) => <Time at={expiresAt} form="date" /> },
        {
          head: t('act'),
          align: 'end',
          cell: ({ id, state }) =>
            state === 'live' || state === 'ended' ? <Acts id={id} live={state === 'live'} /> : null,
        },
      ]}
      rows={rows}
      keyOf={({ id }) => id}
      marks={({ id, state, silent }) => ({
        'data-kiosk': id,
        'data-kiosk-state': state,
        'data-silent': silent,
      })}
    />
  )
}

async function Acts({ id, live }: { readonly id: string; readonly live: boolean }) {
  const t = await getTranslations('survey-kiosk.staff')
  return (
    <div className="flex flex-wrap items-center justify-end gap-3">
      {live ? (
        <Link href={{ pathname: '/admin/survey/kiosks/[kiosk]', params: { kiosk: id } }}>{t('sheet')}</Link>
      ) : null}
      <ActionForm action={revokeKioskAction} scope={`revoke-${id}`} className="">
        <HiddenField name="kioskId" value={id} />
        <SubmitButton look="danger" size="small">
          {t('revoke')}
        </SubmitButton>
      </ActionForm>
    </div>
  )
}
