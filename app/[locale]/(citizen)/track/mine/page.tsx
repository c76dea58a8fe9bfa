import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { readList } from '#features/cases/list/data.ts'
import { parseCaseNumber } from '#features/cases/numbers/rules.ts'
import { CaseListing, LeaveCard } from '#features/citizens/listings.tsx'
import { SIGN_IN_FAULTS } from '#features/citizens/rules.ts'
import { SignedOut } from '#features/citizens/sign-in-offers.tsx'
import { currentCitizen, providerSignOut, signInName } from '#http/identity.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import type { Access } from '#lib/access/access.ts'
import type { IdentityScope } from '#lib/access/scope.ts'
import { isUuid } from '#lib/uuid.ts'
import { titled } from '#messages/page-title.ts'
import { addAction, forgetAction, letGoAction, openAction } from './actions.ts'

export const access = 'anybody' satisfies Access

const FAULTS = [...SIGN_IN_FAULTS, 'failed'] as const
const DONE = ['added', 'let_go'] as const
const LEFT = ['signed_out', 'signed_out_there', 'forgotten'] as const
export const generateMetadata = titled('identity', 'title', { robots: { index: false } })

/** Renders the cases in a citizen's list; answers 404 where citizens cannot sign in. */
export default async function MinePage({ searchParams }: PageProps<'/[locale]/track/mine'>) {
  const name = signInName()
  if (name === null) notFoundPage(await getLocale())
  const [query, citizen] = await Promise.all([searchParams, currentCitizen()])
  const said = <Said {...query} name={name} signedIn={citizen !== null} />
  if (!citizen) return <SignedOut name={name} said={said} />
  const t = await getTranslations('identity')
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('in.lead', { name })} />
      {said}
      <div className="grid gap-x-12 gap-y-10 md:grid-cols-[minmax(0,1fr)_22rem]">
        <List scope={citizen.scope} after={String(query.after ?? '')} />
        <aside className="stack">
          <AddCard number={String(query.number ?? '')} />
          <LeaveCard name={name} forget={forgetAction} />
        </aside>
      </div>
    </div>
  )
}

/** Shows the result that a redirect names; the words never come from the address itself. */
async function Said({
  fault,
  done,
  name,
  signedIn,
}: {
  readonly fault?: string | string[]
  readonly done?: string | string[]
  readonly after?: string | string[]
  readonly number?: string | string[]
} & { readonly name: string; readonly signedIn: boolean }) {
  const t = await getTranslations('identity')
  const wrong = FAULTS.find((one) => one === fault)
  const right = [...DONE, ...(signedIn ? [] : LEFT)].find((one) => one === done)
  if (wrong !== undefined) return <Notice tone="bad" title={t(`fault.${wrong}`, { name })} />
  if (right === undefined) return null
  return (
    <div role="status">
      <Notice tone="ok" title={t(`done.${right}`, { name })}>
        {right === 'signed_out' || right === 'forgotten' ? <LeaveProvider name={name} /> : null}
      </Notice>
    </div>
  )
}

/** Offers to end the provider's own session, where the provider allows it. On a borrowed device it would stay open. */
async function LeaveProvider({ name }: { readonly name: string }) {
  const locale = await getLocale()
  const [t, address] = await Promise.all([getTranslations('identity.out'), providerSignOut(locale)])
  if (address === null) return null
  return (
    <>
      <p>{t('thereText', { name })}</p>
      <p>
        <a className="button" data-look="quiet" data-size="small" href="/api/citizen/sign-out" rel="nofollow">
          {t('there', { name })}
        </a>
      </p>
    </>
  )
}

async function List({ scope, after }: { readonly scope: IdentityScope; readonly after: string }) {
  const [t, { cases, next }] = await Promise.all([
    getTranslations('identity.in'),
    readList(scope, isUuid(after) ? after : null),
  ])
  return (
    <section aria-labelledby="list">
      <h2 id="list" className="sr-only">
        {t('list')}
      </h2>
      <div className="stack">
        {cases.length === 0 ? (
          <EmptyState title={t('empty')}>
            <p className="text-soft">{t('emptyText')}</p>
            <p>
              <ButtonLink href="/report" look="quiet" size="small">
                {t('report')}
              </ButtonLink>
            </p>
          </EmptyState>
        ) : (
          <ul className="stack">
            {cases.map((line) => (
              <CaseListing key={line.id} line={line} open={openAction} letGo={letGoAction} />
            ))}
          </ul>
        )}
        <Pagination
          {...(after !== '' && { previous: '/track/mine' })}
          {...(next !== null && { next: { pathname: '/track/mine', query: { after: next } } })}
        />
      </div>
    </section>
  )
}

async function AddCard({ number }: { readonly number: string }) {
  const [t, find] = await Promise.all([getTranslations('identity.in'), getTranslations('case.find')])
  const parsed = parseCaseNumber(number)
  return (
    <Card>
      <h2 className="text-lg md:text-xl">{t('addTitle')}</h2>
      <p className="text-sm text-soft">{t('addText')}</p>
      <ActionForm action={addAction} {...(parsed.ok && { initial: { caseNumber: parsed.value } })}>
        <Field name="caseNumber" label={find('number')} />
        <Field name="caseSecret" label={find('secret')} />
        <p className="actions">
          <SubmitButton look="quiet">{t('add')}</SubmitButton>
        </p>
      </ActionForm>
    </Card>
  )
}
