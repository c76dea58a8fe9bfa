import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { EXAMPLE_NUMBER, parseCaseNumber } from '#features/cases/numbers/rules.ts'
import { ListOffer } from '#features/citizens/sign-in-offers.tsx'
import { currentReader } from '#http/identity.ts'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'
import { openCase } from './actions.ts'

export const access = 'anybody' satisfies Access

/** The faults that a redirect may name; the page never shows words from the address itself. */
const SAID = ['no_match', 'too_many', 'session_ended', 'failed'] as const

export const generateMetadata = titled('case.find', 'title')

export default async function FindCasePage({ searchParams }: PageProps<'/[locale]/track'>) {
  const query = await searchParams
  const number = parseCaseNumber(String(query.number ?? ''))
  const said = SAID.find((fault) => fault === query.fault)
  const [t, faults, reader] = await Promise.all([
    getTranslations('case.find'),
    getTranslations('faults.track'),
    currentReader(),
  ])
  return (
    <div className="grid gap-x-16 gap-y-10 md:grid-cols-[minmax(0,38rem)_minmax(0,1fr)]">
      <div className="stack-l">
        <PageHeader title={t('title')} lead={t('lead')} />
        {said === undefined ? null : <Notice tone="bad" title={faults(said)} />}
        {number.ok && said === undefined ? (
          <Notice tone="info">
            <p>{t('numberOnly', { number: number.value })}</p>
          </Notice>
        ) : null}
        <ActionForm action={openCase} {...(number.ok && { initial: { caseNumber: number.value } })}>
          <Field
            name="caseNumber"
            label={t('number')}
            hint={t('numberHint', { example: EXAMPLE_NUMBER })}
            look="number"
            width="medium"
          />
          <Field name="caseSecret" label={t('secret')} hint={t('secretHint')} look="number" width="full" />
          <p className="actions">
            <SubmitButton>{t('open')}</SubmitButton>
          </p>
        </ActionForm>
        <p className="text-soft">
          {t.rich('draft', { resume: (words) => <Link href="/track/find">{words}</Link> })}
        </p>
      </div>
      <aside className="stack">
        {reader && <ListOffer {...reader} />}
        <Card>
          <h2 className="text-lg">{t('lostTitle')}</h2>
          <p className="text-sm text-soft">{t('lostText')}</p>
          <p>
            <Link
              href={number.ok ? { pathname: '/track/code', query: { from: number.value } } : '/track/code'}
            >
              {t('lostLink')}
            </Link>
          </p>
        </Card>
        <Card>
          <h2 className="text-lg">{t('sharedTitle')}</h2>
          <p className="text-sm text-soft">{t('sharedText')}</p>
        </Card>
      </aside>
    </div>
  )
}
