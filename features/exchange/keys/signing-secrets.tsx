import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { Time } from '#components/ui/time.tsx'
import { SecondPersonNotice } from '#features/approvals/second-person-notice.tsx'
import type { FormAction } from '#lib/form-state.ts'
import type { SecretShown } from '../delivery/rules.ts'

/** Shows what messages to a carrier are signed with: made, shown once, and ended. */
export async function SigningSecrets({
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
  /** The requests of the reader that were confirmed, and whose secret was not taken. */
  readonly toTake: readonly string[]
  /** Names the person who asked for one already. */
  readonly askedBy: string | null
  readonly end: FormAction
  /** The field for a fresh code, where one is due. */
  readonly stepUp: ReactNode
}) {
  const t = await getTranslations('delivery')
  return (
    <Card>
      <h2>{t('secrets')}</h2>
      <p>{t('secrets_text')}</p>
      {/* Stays when nothing is left to take: it shows what was taken, which nothing else can show again. */}
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
