import { getTranslations } from 'next-intl/server'
import { ProofCheck } from '#components/audit/proof-check.tsx'
import { ActionForm } from '#components/form/action-form.tsx'
import { TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Details } from '#components/ui/details.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { verifyProofAction } from './actions.ts'

/** Where the proof that a case was entered is checked, by the browser or by the server. */
export async function ProofForm() {
  const t = await getTranslations('audit.check')
  const bad = (words: string) => <Notice tone="bad" title={words} />
  return (
    <section className="stack" aria-labelledby="proof-title">
      <h2 id="proof-title">{t('title')}</h2>
      <p>{t('lead')}</p>
      <ActionForm action={verifyProofAction} scope="proof" className="stack">
        <ProofCheck
          name="proofFile"
          label={t('file')}
          hint={t('fileHint')}
          here={t('here')}
          said={{
            holds: <Notice tone="ok" title={t('holds')} />,
            entry: bad(t('entry')),
            checkpoint: bad(t('checkpoint')),
            dropped: bad(t('dropped')),
          }}
        />
        <Details summary={t('paste')}>
          <TextArea name="proof" label={t('paste')} rows={4} />
        </Details>
        <p className="actions pt-1">
          <SubmitButton look="quiet">{t('submit')}</SubmitButton>
        </p>
      </ActionForm>
      <p className="text-[0.92rem] text-soft">
        {t('published')} <a href="/api/v1/audit/key">/api/v1/audit/key</a>,{' '}
        <a href="/api/v1/audit/checkpoint">/api/v1/audit/checkpoint</a>
      </p>
    </section>
  )
}
