import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Checkboxes } from '#components/form/choices.tsx'
import { Field, HiddenField } from '#components/form/field.tsx'
import { FoldedFields } from '#components/form/folded-fields.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Tag, type Tone } from '#components/ui/tag.tsx'
import { Telephone } from '#components/ui/telephone.tsx'
import type { FormAction } from '#lib/form-state.ts'
import { formatInstant } from '#messages/dates.ts'
import type { Choice, SharedWith } from './rules.ts'

/** Renders the choice of banks and wallets and the number. Nothing is ticked beforehand. */
export async function SharingFields({ choices }: { readonly choices: readonly Choice[] }) {
  const t = await getTranslations('alerts.consent')
  return (
    <>
      <p className="text-sm">{t('text')}</p>
      <Checkboxes
        name="share"
        label={t('share')}
        optional
        options={choices.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <Field name="shareNumber" label={t('number')} hint={t('numberHint')} optional inputMode="tel" />
    </>
  )
}

const NAMES = ['share', 'shareNumber']

/** Renders the same fields folded, inside a larger form. */
export async function SharingFold({ choices }: { readonly choices: readonly Choice[] }) {
  const t = await getTranslations('alerts.consent')
  if (choices.length === 0) return null
  return (
    <FoldedFields summary={t('title')} names={NAMES} stored>
      <SharingFields choices={choices} />
    </FoldedFields>
  )
}

const TONES: Readonly<Record<SharedWith['state'], Tone>> = {
  waiting: 'plain',
  queued: 'plain',
  sent: 'wait',
  answered: 'neutral',
  ended: 'bad',
  withdrawn: 'plain',
}

interface SharingCardProps {
  readonly number: string
  readonly shared: readonly SharedWith[]
  readonly open: readonly Choice[]
  /** The number that was in the phone, as it was typed. */
  readonly phoneNumber: string
  /** False once the case is over: no more receivers can be chosen. */
  readonly active: boolean
  readonly give: FormAction
  readonly withdraw: FormAction
}

export async function SharingCard({
  number,
  shared,
  open,
  phoneNumber,
  active,
  give,
  withdraw,
}: SharingCardProps) {
  const [t, consent] = await Promise.all([getTranslations('alerts.page'), getTranslations('alerts.consent')])
  const left = open.filter(
    ({ id }) => !shared.some((one) => one.receiverId === id && one.state !== 'withdrawn'),
  )
  const asks = active && left.length > 0
  if (shared.length === 0 && !asks) return null
  const form = (
    <ActionForm action={give} scope="share" className="stack" initial={{ shareNumber: phoneNumber }}>
      <HiddenField name="caseNumber" value={number} />
      <FoldedFields summary={shared.length === 0 ? consent('title') : t('more')} names={NAMES} stored>
        <SharingFields choices={left} />
        <p>
          <SubmitButton look="quiet">{t('give')}</SubmitButton>
        </p>
      </FoldedFields>
    </ActionForm>
  )
  if (shared.length === 0) return <div id="banks-told">{form}</div>
  return (
    <Card id="banks-told">
      <h2>{t('title')}</h2>
      <p className="text-sm">{t('own')}</p>
      <ul className="divide-y divide-line border-y border-line">
        {shared.map((one) => (
          <SharedLine key={one.receiverId} one={one} number={number} withdraw={withdraw} />
        ))}
      </ul>
      {asks ? form : null}
    </Card>
  )
}

async function SharedLine({
  one,
  number,
  withdraw,
}: {
  readonly one: SharedWith
  readonly number: string
  readonly withdraw: FormAction
}) {
  const [t, locale] = await Promise.all([getTranslations('alerts.page'), getLocale()])
  const isLocked = one.outcome === 'locked' && one.state === 'answered'
  const word =
    one.outcome !== null && one.state === 'answered' ? t(`outcome.${one.outcome}`) : t(`state.${one.state}`)
  return (
    <li
      className="stack-s max-w-none py-3"
      data-receiver={one.receiverId}
      data-receiver-state={one.state}
      data-receiver-outcome={one.outcome ?? undefined}
    >
      <p className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
        <b>{one.name}</b>
        <Tag tone={isLocked ? 'ok' : TONES[one.state]}>{word}</Tag>
      </p>
      <p className="text-sm text-soft">
        {one.number === null ? null : <span className="num">{one.number} · </span>}
        {formatInstant(locale, one.at, 'moment')}
      </p>
      {one.state === 'waiting' || one.state === 'ended' ? (
        <p className="text-sm">{t(`why.${one.state}`)}</p>
      ) : null}
      {one.numbers.length === 0 ? null : (
        <p className="flex flex-wrap gap-x-3 text-sm">
          {t('call')}
          {one.numbers.map((phone) => (
            <Telephone key={phone} number={phone} />
          ))}
        </p>
      )}
      {one.state === 'withdrawn' ? null : (
        <ActionForm action={withdraw} scope={`withdraw-${one.receiverId}`} className="">
          <HiddenField name="caseNumber" value={number} />
          <HiddenField name="receiverId" value={one.receiverId} />
          <SubmitButton look="quiet" size="small">
            {t('withdraw', { name: one.name })}
          </SubmitButton>
        </ActionForm>
      )}
    </li>
  )
}

/** Renders the names of the banks and wallets that answered that they have locked; nothing if none has. */
export async function LockedByAnswer({ shared }: { readonly shared: readonly SharedWith[] }) {
  const [t, locale] = await Promise.all([getTranslations('alerts.page'), getLocale()])
  const locked = shared.filter(({ state, outcome }) => state === 'answered' && outcome === 'locked')
  if (locked.length === 0) return null
  return (
    <p data-locked={locked.map(({ receiverId }) => receiverId).join(' ')}>
      {t('locked', {
        names: new Intl.ListFormat(locale).format(
          locked.map(({ name, at }) => `${name} (${formatInstant(locale, at, 'time')})`),
        ),
      })}
    </p>
  )
}
