import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { TextArea } from '#components/form/field.tsx'
import { FoldedForm } from '#components/form/folded-form.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Details } from '#components/ui/details.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { ProofFile, ProofResult } from '#features/audit/components/proof-check.tsx'
import { verifyProofAction } from './actions.ts'

/** Renders the form where the proof that a case was entered is checked, by the browser or by the server. */
export async function ProofForm({ code, open }: { readonly code: string; readonly open: boolean }) {
  const t = await getTranslations('audit.check')
  const ok = (words: string) => <Notice tone="ok" title={words} />
  const bad = (words: string) => <Notice tone="bad" title={words} />
  return (
    <ActionForm
      action={verifyProofAction}
      initial={open ? { proofCode: code } : {}}
      scope="proof"
      className={open ? 'stack' : 'more-form'}
    >
      <FoldedForm summary={t('title')}>
        <p>{t('lead')}</p>
        <ProofResult
          here={t('here')}
          said={{
            holds: ok(t('holds')),
            story: ok(t('story')),
            absent: (
              <Notice tone="wait" title={t('absent')}>
                <p>{t('absentText')}</p>
              </Notice>
            ),
            other: bad(t('other')),
            entry: bad(t('entry')),
            checkpoint: bad(t('checkpoint')),
            dropped: bad(t('dropped')),
            broken: <Notice tone="wait" title={t('broken')} />,
          }}
        />
        <TextArea name="proofCode" label={t('code')} hint={t('codeHint')} rows={2} />
        <ProofFile name="proofFile" label={t('file')} hint={t('fileHint')} />
        <Details summary={t('paste')}>
          <TextArea name="proof" label={t('paste')} rows={4} />
        </Details>
        <p className="actions pt-1">
          <SubmitButton look={code === '' ? 'quiet' : 'primary'}>{t('submit')}</SubmitButton>
        </p>
        <Details summary={t('forPrograms')}>
          <p className="text-sm text-soft">
            {t('published')} <a href="/api/v1/audit/key">/api/v1/audit/key</a>,{' '}
            <a href="/api/v1/audit/checkpoint">/api/v1/audit/checkpoint</a>
          </p>
        </Details>
      </FoldedForm>
    </ActionForm>
  )
}
