import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ActionForm } from '#components/form/action-form.tsx'
import { Radios } from '#components/form/choices.tsx'
import { Field, HiddenField } from '#components/form/field.tsx'
import { FoldedFields } from '#components/form/folded-fields.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { Time } from '#components/ui/time.tsx'
import { SecondPersonNotice } from '#features/approvals/second-person-notice.tsx'
import type { FormAction } from '#lib/form-state.ts'
import {
  DELIVERY_WAYS,
  type Delivery,
  type DeliveryWay,
  effectsOf,
  type SecretShown,
  type ShownTry,
  type WayStanding,
  type Webhook,
  wayOf,
} from './rules.ts'

interface Asked {
  readonly askedBy: string
}

export function DeliveryPanel({
  carrierId,
  delivery,
  standing,
  asked,
  toTake,
  actions,
  stepUp,
}: {
  readonly carrierId: string
  readonly delivery: Delivery
  readonly standing: WayStanding
  readonly asked: { readonly way: Asked | null; readonly secret: Asked | null }
  /** The reader's confirmed requests whose secret was not taken yet. */
  readonly toTake: readonly string[]
  readonly actions: {
    readonly set: FormAction
    readonly resume: FormAction
    readonly test: FormAction
    readonly makeSecret: FormAction
    readonly takeSecret: FormAction
    readonly endSecret: FormAction
  }
  readonly stepUp: ReactNode
}) {
  const { way, webhook } = delivery
  return (
    <>
      <DeliveryForm
        carrierId={carrierId}
        delivery={delivery}
        standing={standing}
        action={actions.set}
        stepUp={stepUp}
        askedBy={asked.way?.askedBy ?? null}
      />
      {webhook === null ? null : (
        <>
          <PushState carrierId={carrierId} way={way} webhook={webhook} resume={actions.resume} />
          <SigningSecrets
            carrierId={carrierId}
            secrets={webhook.secrets}
            make={actions.makeSecret}
            take={actions.takeSecret}
            toTake={toTake}
            askedBy={asked.secret?.askedBy ?? null}
            end={actions.endSecret}
            stepUp={stepUp}
          />
          <PushTries carrierId={carrierId} tries={webhook.tries} test={actions.test} />
        </>
      )}
    </>
  )
}

async function SigningSecrets({
  carrierId,
  secrets,
  make,
  take,
  toTake,
  askedBy,
  end,
  stepUp,
}: {
  readonly carrierId: string
  readonly secrets: readonly SecretShown[]
  readonly make: FormAction
  readonly take: FormAction
  readonly toTake: readonly string[]
  readonly askedBy: string | null
  readonly end: FormAction
  readonly stepUp: ReactNode
}) {
  const t = await getTranslations('delivery')
  return (
    <Card>
      <h2>{t('secrets')}</h2>
      <p>{t('secrets_text')}</p>
      {/* Stays when nothing is left to take: it shows the secret just taken, which cannot be shown again. */}
      <ActionForm action={take} scope="take-secret" className="stack">
        {toTake[0] === undefined ? null : (
          <>
            <HiddenField name="approvalId" value={toTake[0]} />
            <p>{t('ready')}</p>
            {stepUp}
            <SubmitButton>{t('take')}</SubmitButton>
          </>
        )}
      </ActionForm>
      {askedBy === null ? (
        <ActionForm action={make} scope="make-secret" className="stack">
          <HiddenField name="carrierId" value={carrierId} />
          {stepUp}
          <SubmitButton look="quiet">{t('make')}</SubmitButton>
        </ActionForm>
      ) : (
        <SecondPersonNotice name={askedBy} />
      )}
      {secrets.length === 0 ? null : (
        <Table
          caption={t('secrets')}
          captionHidden
          columns={[
            { head: t('created'), cell: ({ createdAt }) => <Time at={createdAt} form="stamp" /> },
            {
              head: t('state'),
              cell: ({ revokedAt }) =>
                revokedAt ? <Tag tone="plain">{t('ended')}</Tag> : <Tag tone="ok">{t('signing')}</Tag>,
            },
            {
              head: t('act'),
              phone: 'below',
              cell: ({ id, revokedAt }) =>
                revokedAt ? null : (
                  <ActionForm action={end} scope={`end-${id}`} className="stack">
                    <HiddenField name="carrierId" value={carrierId} />
                    <HiddenField name="secretId" value={id} />
                    {stepUp}
                    <SubmitButton look="danger" size="small">
                      {t('end')}
                    </SubmitButton>
                  </ActionForm>
                ),
            },
          ]}
          rows={secrets}
          keyOf={({ id }) => id}
        />
      )}
    </Card>
  )
}

async function DeliveryForm({
  carrierId,
  delivery,
  standing,
  action,
  stepUp,
  askedBy,
}: {
  readonly carrierId: string
  readonly delivery: Delivery
  readonly standing: WayStanding
  readonly action: FormAction
  readonly stepUp: ReactNode
  readonly askedBy: string | null
}) {
  const t = await getTranslations('delivery')
  const initial = { way: delivery.way, webhookUrl: delivery.webhook?.url ?? '' }
  return (
    <Card>
      <h2>{t('title')}</h2>
      <p>{t('lead')}</p>
      {askedBy === null ? null : <SecondPersonNotice name={askedBy} />}
      <ActionForm action={action} initial={initial} scope="delivery" className="stack">
        <HiddenField name="carrierId" value={carrierId} />
        <HiddenField name="wayVersion" value={String(delivery.version)} />
        <p>
          <strong>{t(delivery.way)}</strong>
          <br />
          {t(`${delivery.way}_hint`)}
        </p>
        <FoldedFields summary={t('change')} names={['way', 'webhookUrl']} stored>
          <Radios
            name="way"
            label={t('way')}
            options={DELIVERY_WAYS.map((way) => ({ value: way, label: t(way), hint: t(`${way}_hint`) }))}
          />
          <Effects from={delivery.way} standing={standing} />
          <Field name="webhookUrl" label={t('url')} hint={t('url_hint')} optional inputMode="text" />
          {stepUp}
          <p className="actions">
            <SubmitButton>{t('save')}</SubmitButton>
          </p>
        </FoldedFields>
      </ActionForm>
    </Card>
  )
}

async function Effects({ from, standing }: { readonly from: DeliveryWay; readonly standing: WayStanding }) {
  const t = await getTranslations('delivery')
  const changes = DELIVERY_WAYS.map((way) => ({ way, effects: effectsOf(from, way, standing) })).filter(
    ({ effects }) => effects.length > 0,
  )
  if (changes.length === 0) return null
  const { keyUsedAt: _, ...counts } = standing
  return (
    <Notice tone="wait" title={t('effects')}>
      {changes.map(({ way, effects }) => (
        <div key={way} data-effects={way}>
          <p>
            <b>{t('if_changed', { way: t(way) })}</b>
          </p>
          <ul>
            {effects.map((effect) => (
              <li key={effect} data-effect={effect}>
                {t(`effect.${effect}`, counts)}
              </li>
            ))}
          </ul>
        </div>
      ))}
      {standing.keyUsedAt === null ? null : (
        <p>
          {t('key_used')} <Time at={standing.keyUsedAt} />
        </p>
      )}
    </Notice>
  )
}

/** Renders the outcomes of the last messages, without their content, and a button that sends a test message. */
async function PushTries({
  carrierId,
  tries,
  test,
}: {
  readonly carrierId: string
  /** The newest first. */
  readonly tries: readonly ShownTry[]
  readonly test: FormAction
}) {
  const t = await getTranslations('delivery')
  return (
    <Card id="tries">
      <h2>{t('tries')}</h2>
      <p>{t('tries_text')}</p>
      <ActionForm action={test} scope="test" className="stack">
        <HiddenField name="carrierId" value={carrierId} />
        <SubmitButton look="quiet">{t('test')}</SubmitButton>
      </ActionForm>
      {tries.length === 0 ? (
        <p className="text-soft">{t('no_tries')}</p>
      ) : (
        <Table
          caption={t('tries')}
          captionHidden
          columns={[
            { head: t('tried_at'), cell: (one) => <Time at={one.at} form="stamp" /> },
            { head: t('lines'), cell: (one) => <Lines after={one.after} upTo={one.upTo} /> },
            { head: t('result'), cell: (one) => <Result one={one} /> },
            { head: t('took'), cell: (one) => <span className="num">{t('ms', { ms: one.tookMs })}</span> },
          ]}
          rows={tries}
          keyOf={(one) => one.id}
          marks={(one) => ({ 'data-push-fault': one.fault ?? '' })}
        />
      )}
    </Card>
  )
}

async function Lines({ after, upTo }: Pick<ShownTry, 'after' | 'upTo'>) {
  const t = await getTranslations('delivery')
  if (after === upTo) return t('test_message')
  return <span className="num">{upTo === after + 1 ? upTo : `${after + 1}–${upTo}`}</span>
}

async function Result({ one }: { readonly one: ShownTry }) {
  const t = await getTranslations('delivery')
  if (one.fault === null) return <Tag tone="ok">{t('came_through')}</Tag>
  return (
    <span className="block">
      <Tag tone="bad">{t('not_through')}</Tag>
      <span className="block text-sm text-soft">{t(`fault.${one.fault}`, { status: one.status ?? 0 })}</span>
    </span>
  )
}

const TONES = { live: 'ok', paused: 'plain', no_secret: 'wait', failing: 'wait' } as const

async function PushState({
  carrierId,
  way,
  webhook,
  resume,
}: {
  readonly carrierId: string
  readonly way: DeliveryWay
  readonly webhook: Webhook
  readonly resume: FormAction
}) {
  const t = await getTranslations('delivery')
  const standing = wayOf(way).standing(webhook)
  const stopped = standing === 'gone' || standing === 'given_up'
  return (
    <Card data-push-state={standing}>
      <h2>{t('push_title')}</h2>
      {stopped ? (
        <Notice tone="bad" title={t(`${standing}_title`)}>
          <p>{t(`${standing}_text`)}</p>
        </Notice>
      ) : (
        <p>
          <Tag tone={TONES[standing]}>{t(standing)}</Tag>
        </p>
      )}
      {standing === 'no_secret' ? <Notice>{t('no_secret_text')}</Notice> : null}
      <Facts webhook={webhook} />
      {stopped ? (
        <ActionForm action={resume} scope="resume" className="stack">
          <HiddenField name="carrierId" value={carrierId} />
          <SubmitButton>{t('resume')}</SubmitButton>
        </ActionForm>
      ) : null}
    </Card>
  )
}

async function Facts({ webhook }: { readonly webhook: Webhook }) {
  const t = await getTranslations('delivery')
  const times = [
    { key: 'failing_since', at: webhook.failingSince },
    { key: 'next_try', at: webhook.nextTryAt },
  ] as const
  return (
    <SummaryList
      rows={[
        { key: 'url', term: t('url'), value: webhook.url },
        {
          key: 'last_success',
          term: t('last_success'),
          value: webhook.lastSuccessAt ? <Time at={webhook.lastSuccessAt} /> : t('never'),
        },
        ...times.flatMap(({ key, at }) => (at ? [{ key, term: t(key), value: <Time at={at} /> }] : [])),
      ]}
    />
  )
}
