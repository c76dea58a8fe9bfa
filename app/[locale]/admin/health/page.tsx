import { getLocale, getTranslations } from 'next-intl/server'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { readState } from '#features/health/doctor/data.ts'
import { factsOf, GROUPS, isRed } from '#features/health/doctor/rules.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'
import { HealthTabs } from './health-tabs.tsx'

export const access = 'installation:read' satisfies Access

export const generateMetadata = titled('installation', 'state.title')

const TONES = { ok: 'ok', look: 'wait', red: 'bad' } as const

/** Shows the output of `npm run doctor`: every fact about the installation, and the document with the remedy. */
export default async function HealthPage() {
  const staff = await requireStaff(access)
  const [t, locale, facts] = await Promise.all([
    getTranslations('installation'),
    getLocale(),
    readState(staff, new Date()),
  ])
  if (facts === null) notFoundPage(locale)
  const red = facts.filter(isRed).length
  return (
    <div className="stack-l">
      <PageHeader title={t('state.title')} lead={t('state.lead')} />
      <HealthTabs />
      <div data-red={red}>
        {red === 0 ? (
          <p>{t('state.none_red')}</p>
        ) : (
          <Notice tone="wait" title={t('state.some_red', { count: red })}>
            <p>{t('state.some_red_text')}</p>
          </Notice>
        )}
      </div>
      {GROUPS.filter((group) => factsOf(group, facts).length > 0).map((group) => (
        <Card key={group}>
          <h2>{t(`group.${group}`)}</h2>
          <Table
            caption={t(`group.${group}`)}
            captionHidden
            phone="dense"
            columns={[
              { head: t('state.name'), cell: ({ name }) => t(`fact.${name}`) },
              {
                head: t('state.value'),
                phone: 'below',
                cell: ({ value, said, see, state }) => (
                  <>
                    {value === '' ? null : <span className="wrap-anywhere">{value}</span>}
                    {said === undefined ? null : (
                      <span className="block text-sm text-soft" lang="en">
                        {said}
                      </span>
                    )}
                    {see === undefined || state === 'ok' ? null : (
                      <span className="block text-sm text-soft">{t('state.see', { document: see })}</span>
                    )}
                  </>
                ),
              },
              {
                head: t('state.state_head'),
                cell: ({ state }) => <Tag tone={TONES[state]}>{t(`state.state_of.${state}`)}</Tag>,
                phone: 'right',
              },
            ]}
            rows={factsOf(group, facts)}
            keyOf={({ name }) => name}
            marks={({ name, state }) => ({ 'data-fact': name, 'data-state': state })}
          />
        </Card>
      ))}
    </div>
  )
}
