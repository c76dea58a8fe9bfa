import { getTranslations } from 'next-intl/server'
import { digestOf } from '#features/exchange/lists/data.ts'
import { readSurrender } from '#features/recovery/rules.ts'
import { seeOther } from '#http/form-post.ts'
import { absoluteUrl } from '#http/public-url.ts'
import { formatInstant } from '#messages/dates.ts'
import { missingPath, pathFor } from '#messages/paths.ts'
import { ownPaper, paperLocale } from './own-paper.ts'

export async function surrenderPdf(request: Request, receipt: string): Promise<Response> {
  const locale = paperLocale(request)
  const said = readSurrender(receipt)
  if (said === null) return seeOther(missingPath(locale))
  const t = await getTranslations({ locale, namespace: 'recovery' })
  const check = pathFor(locale, { pathname: '/verify', query: { surrender: receipt } })
  const props = {
    language: locale,
    words: {
      title: t('page.receipt'),
      kind: said.code,
      phone: said.device || t('paper.phone'),
      ends: t('paper.ending', said),
      claims: [
        { title: t('page.handedIn'), text: formatInstant(locale, new Date(said.at), 'stamp') },
        { title: t('paper.at'), text: said.unit },
      ],
      notes: [t('paper.says'), t('paper.keep')],
      hands: [t('paper.giver'), t('paper.taker')],
      foot: t('paper.signed', { digest: (digestOf(receipt).slice(0, 16).match(/.{4}/g) ?? []).join(' ') }),
    },
    scan: { link: absoluteUrl(check, request.headers), words: t('paper.scan'), code: said.code },
  }
  const paper = { kind: 'phone', props } as const
  return ownPaper(request, { owner: said.code, name: `nop-may-${said.code}`, paper }, new Date())
}
