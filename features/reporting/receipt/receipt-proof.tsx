import { getTranslations } from 'next-intl/server'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Link } from '#components/ui/link.tsx'
import type { ProofCode } from '#features/audit/proofs/code-rules.ts'
import type { CaseNumber } from '#features/cases/numbers/rules.ts'

export interface ReceiptProofProps {
  readonly number: CaseNumber
  readonly code: ProofCode
  /** The log is sealed over the sending by now: the code proves it, and there is a file to keep. */
  readonly sealed: boolean
}

/** Shows the proof that the case was entered and has not been removed since, which anybody can check. */
export async function ReceiptProof({ number, code, sealed }: ReceiptProofProps) {
  const [t, words] = await Promise.all([getTranslations('report.proof'), getTranslations('common')])
  return (
    <section className="stack" data-proof-sealed={sealed}>
      <p>{t('text')}</p>
      <p className="flex flex-wrap items-center gap-2 font-semibold">
        <span className="num whitespace-normal" data-proof-code={code}>
          {code}
        </span>
        <CopyButton value={code} label={words('copy')} done={words('copied')} />
      </p>
      <p className="text-sm text-soft">{t(sealed ? 'sealed' : 'waits')}</p>
      <p className="actions print-hidden">
        <Link className="button" data-look="quiet" href={{ pathname: '/verify', query: { proof: code } }}>
          {t('check')}
        </Link>
        {sealed ? (
          <a className="button" data-look="plain" href={`/api/receipt/${number}/proof`} download>
            <Icon name="download" />
            {t('file')}
          </a>
        ) : null}
        {sealed ? (
          <a href={`/api/receipt/${number}/proof?form=tlog-proof`} download>
            {t('fileOther')}
          </a>
        ) : null}
      </p>
    </section>
  )
}
