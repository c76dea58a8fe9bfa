import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { objectionNumbers } from '#features/disputes/objections/rules.ts'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'
import { followAction } from './actions.ts'

export const access = 'anybody' satisfies Access

/** The faults that a redirect may name; the page never shows words from the address itself. */
const SAID = ['session_ended', 'failed'] as const

export const generateMetadata = titled('objection.follow', 'title')

export default async function FollowObjectionPage({ searchParams }: PageProps<'/[locale]/blocked/follow'>) {
  const query = await searchParams
  const number = objectionNumbers.parse(String(query.number ?? ''))
  const said = SAID.find((fault) => fault === query.fault)
  const [t, faults] = await Promise.all([
    getTranslations('objection.follow'),
    getTranslations('faults.objection'),
  ])
  return (
    <div className="grid gap-x-16 gap-y-10 md:grid-cols-[minmax(0,38rem)_minmax(0,1fr)]">
      <div className="stack-l">
        <PageHeader title={t('title')} lead={t('lead')} />
        {said === undefined ? null : <Notice tone="bad" title={faults(said)} />}
        <ActionForm action={followAction} {...(number.ok && { initial: { caseNumber: number.value } })}>
          <Field name="caseNumber" label={t('number')} hint={t('numberHint')} look="number" width="medium" />
          <Field name="caseSecret" label={t('secret')} hint={t('secretHint')} look="number" width="full" />
          <p className="actions">
            <SubmitButton>{t('open')}</SubmitButton>
          </p>
        </ActionForm>
      </div>
      <aside className="stack">
        <Card>
          <h2 className="text-lg">{t('lostTitle')}</h2>
          <p className="text-sm text-soft">{t('lostText')}</p>
          <p>
            <Link href="/blocked/follow/contact">{t('lostLink')}</Link>
          </p>
        </Card>
        <Card>
          <h2 className="text-lg">{t('noneTitle')}</h2>
          <p className="text-sm text-soft">
            {t.rich('noneText', { object: (words) => <Link href="/blocked/object">{words}</Link> })}
          </p>
        </Card>
      </aside>
    </div>
  )
}
