import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Button } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Details } from '#components/ui/details.tsx'
import { Link } from '#components/ui/link.tsx'
import { Tag, type Tone } from '#components/ui/tag.tsx'
import { type CaseState, namedState, OVER_STATES } from '#features/cases/record/state-rules.ts'
import type { FormAction } from '#lib/form-state.ts'
import { displayName } from '#lib/imei/device.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { sentFrom } from '#messages/sender.ts'

/** Makes cases that wait for their person stand out, and finished ones not. */
function toneOf(state: CaseState): Tone {
  if (state === 'info_requested') return 'wait'
  if (state === 'blocked') return 'ok'
  return OVER_STATES.includes(state) ? 'plain' : 'neutral'
}

export async function CaseListing({
  line,
  open,
  letGo,
}: {
  readonly line: {
    readonly id: string
    readonly number: string
    readonly how: 'filed' | 'added'
    readonly state: CaseState
    readonly watchUntil: Instant | null
    readonly brand: string
    readonly model: string
    readonly submittedAt: Instant
  }
  readonly open: FormAction
  readonly letGo: FormAction
}) {
  const [t, words, locale] = await Promise.all([
    getTranslations('identity.in'),
    getTranslations('case-staff.state'),
    getLocale(),
  ])
  const { number, state } = line
  return (
    <li className="card stack" data-case-number={number} data-case-status={state}>
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h3 className="text-lg">{displayName(line.brand, line.model) || t('device')}</h3>
          <p className="num text-soft">{number}</p>
        </div>
        <Tag tone={toneOf(state)}>{words(namedState(line))}</Tag>
      </div>
      <p className="text-sm text-soft">
        {t('sent', { at: formatInstant(locale, line.submittedAt, 'moment') })} {t(line.how)}
      </p>
      <ActionForm action={open} scope={`open-${line.id}`} className="stack">
        <HiddenField name="caseNumber" value={number} />
        <p className="actions">
          <SubmitButton size="small">
            {t('open')}
            <span className="sr-only"> {number}</span>
          </SubmitButton>
        </p>
      </ActionForm>
      <Details summary={t('letGo')} look="row">
        <p className="text-sm">{t('letGoText')}</p>
        <ActionForm action={letGo} scope={`let-go-${line.id}`} className="stack">
          <HiddenField name="caseNumber" value={number} />
          <p className="actions">
            <SubmitButton look="danger" size="small">
              {t('letGoDo')}
              <span className="sr-only"> {number}</span>
            </SubmitButton>
          </p>
        </ActionForm>
      </Details>
    </li>
  )
}

/** Shows whose list has the case, with a form to remove it, which a person with the secret always may. */
export async function ListingRow({
  number,
  listing,
  takeOff,
}: {
  readonly number: string
  /** null when no list has the case and the reader has one. */
  readonly listing: { readonly own: boolean; readonly addedAt: Instant } | null
  readonly takeOff: FormAction
}) {
  const [t, mine, locale] = await Promise.all([
    getTranslations('identity.case'),
    getTranslations('identity'),
    getLocale(),
  ])
  const date = listing && formatInstant(locale, listing.addedAt, 'date')
  return (
    <div data-listed={listing === null ? 'nobody' : listing.own ? 'own' : 'other'}>
      <Details summary={mine('title')} look="row">
        {listing === null || date === null ? (
          <p>
            <Link href={{ pathname: '/track/mine', query: { number } }}>{t('add')}</Link>
          </p>
        ) : (
          <>
            <p className="text-sm">
              {t(listing.own ? 'own' : 'other', { date })}{' '}
              {listing.own ? <Link href="/track/mine">{mine('offer.mine')}</Link> : null}
            </p>
            <p className="text-sm">{t('takeOffText')}</p>
            <ActionForm action={takeOff} scope="take-off" className="stack">
              <HiddenField name="caseNumber" value={number} />
              <p className="actions">
                <SubmitButton look="danger" size="small">
                  {t('takeOffDo')}
                </SubmitButton>
              </p>
            </ActionForm>
          </>
        )}
      </Details>
    </div>
  )
}

export async function LeaveCard({ name, forget }: { readonly name: string; readonly forget: FormAction }) {
  const [t, locale] = await Promise.all([getTranslations('identity.in'), getLocale()])
  return (
    <Card>
      <h2 className="text-lg md:text-xl">{t('leaveTitle')}</h2>
      <p className="text-sm text-soft">{t('leaveText', { name })}</p>
      <form
        method="post"
        action={sentFrom(locale, '/api/citizen/sign-out')}
        className="flex flex-col items-start gap-2"
      >
        <Button look="quiet" icon="signOut">
          {t('leave')}
        </Button>
        <Button look="quiet" size="small" name="everywhere" value="1">
          {t('leaveAll')}
        </Button>
      </form>
      <Details summary={t('forget')} look="row">
        <p className="text-sm">{t('forgetText')}</p>
        <ActionForm action={forget} scope="forget" className="stack">
          <p className="actions">
            <SubmitButton look="danger" size="small">
              {t('forgetDo')}
            </SubmitButton>
          </p>
        </ActionForm>
      </Details>
    </Card>
  )
}
