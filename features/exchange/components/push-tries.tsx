import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { Time } from '#components/ui/time.tsx'
import type { FormAction } from '#lib/form-state.ts'
import type { ShownTry } from '../rules/delivery.ts'

export interface PushTriesProps {
  readonly carrierId: string
  /** The newest first. */
  readonly tries: readonly ShownTry[]
  readonly test: FormAction
}

/** Shows what came of the last messages, without what either side said; and a button that sends one more, for a test. */
export async function PushTries({ carrierId, tries, test }: PushTriesProps) {
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
