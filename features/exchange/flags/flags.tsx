import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Time } from '#components/ui/time.tsx'
import type { FormAction } from '#lib/form-state.ts'
import type { FlagKind } from './rules.ts'

interface ShownFlag {
  readonly id: string
  readonly kind: FlagKind
  readonly facts: Readonly<Record<string, number>>
  readonly raisedAt: Date
  readonly endedAt: Date | null
  readonly note: string | null
}

export async function Flags({
  flags,
  clear,
}: {
  readonly flags: readonly ShownFlag[]
  /** Takes a flag down; only for the relay. */
  readonly clear?: FormAction
}) {
  if (flags.length === 0) return null
  const t = await getTranslations('carrier-flags')
  const over = flags.filter(({ endedAt }) => endedAt !== null)
  return (
    <Card id="flags">
      <h2>{t('title')}</h2>
      {flags
        .filter(({ endedAt }) => endedAt === null)
        .map((flag) => (
          <Raised key={flag.id} flag={flag}>
            {clear ? <Clear flagId={flag.id} clear={clear} /> : null}
          </Raised>
        ))}
      {over.length === 0 ? null : (
        <ul className="stack">
          {over.map(({ id, kind, endedAt, note }) => (
            <li key={id} className="wrap-anywhere">
              <b>{t(`kinds.${kind}`)}</b>
              <br />
              {note === null ? t('healed') : t('cleared', { note })} {endedAt ? <Time at={endedAt} /> : null}
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

async function Raised({ flag, children }: { readonly flag: ShownFlag; readonly children: ReactNode }) {
  const t = await getTranslations('carrier-flags')
  return (
    <div className="stack" data-flag={flag.kind}>
      <Notice tone="bad" title={t(`kinds.${flag.kind}`)}>
        <p>{t(`text.${flag.kind}`, flag.facts)}</p>
        <p>
          {t('since')} <Time at={flag.raisedAt} />
        </p>
      </Notice>
      {children}
    </div>
  )
}

async function Clear({ flagId, clear }: { readonly flagId: string; readonly clear: FormAction }) {
  const t = await getTranslations('carrier-flags')
  return (
    <ActionForm action={clear} scope={`flag-${flagId}`} className="stack">
      <HiddenField name="flagId" value={flagId} />
      <TextArea name="note" label={t('note')} hint={t('note_hint')} rows={2} />
      <p className="actions">
        <SubmitButton look="quiet">{t('clear')}</SubmitButton>
      </p>
    </ActionForm>
  )
}
