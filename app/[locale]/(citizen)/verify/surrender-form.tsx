import { getLocale, getTranslations } from 'next-intl/server'
import { Button } from '#components/ui/button.tsx'
import { Details } from '#components/ui/details.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { checkSurrender } from '#features/recovery/data.ts'
import { formatInstant } from '#messages/dates.ts'
import { pathFor } from '#messages/paths.ts'

/** Returns the signed statement from pasted text: the text itself, or part of the address in its QR code. */
const tokenIn = (pasted: string): string => /[\w-]+\.[\w-]+\.[\w-]+$/.exec(pasted.trim())?.[0] ?? ''

/**
 * Shows whether this site signed the receipt of a phone that was handed in. A plain GET form: the receipt's QR code links to the
 * answer.
 */
export async function SurrenderForm({ typed }: { readonly typed: string | null }) {
  const [locale, t, paper, said] = await Promise.all([
    getLocale(),
    getTranslations('recovery.check'),
    getTranslations('recovery.paper'),
    typed === null ? null : checkSurrender(tokenIn(typed)),
  ])
  const form = (
    <form action={pathFor(locale, '/verify')} method="get" className="stack">
      <div className="field">
        <label htmlFor="surrender">{t('field')}</label>
        <textarea
          className="control"
          id="surrender"
          name="surrender"
          rows={3}
          defaultValue={said === null ? (typed ?? '') : ''}
          spellCheck={false}
        />
      </div>
      <p className="actions pt-1">
        <Button look={typed === null || said !== null ? 'quiet' : 'primary'}>{t('submit')}</Button>
      </p>
    </form>
  )
  if (typed === null)
    return (
      <Details summary={t('title')} look="row">
        <p>{t('lead')}</p>
        {form}
      </Details>
    )
  return (
    <section className="stack">
      <div role="status" data-surrender={said === null ? 'unsigned' : 'right'}>
        {said === null ? (
          <Notice tone="bad" title={t('unsigned')}>
            <p>{t('unsignedText')}</p>
          </Notice>
        ) : (
          <Notice tone="ok" title={t('right')}>
            <p>
              {t('says', {
                device: said.device || paper('phone'),
                ending: said.ending,
                at: formatInstant(locale, new Date(said.at), 'stamp'),
                unit: said.unit,
                code: said.code,
              })}
            </p>
          </Notice>
        )}
      </div>
      {form}
    </section>
  )
}
